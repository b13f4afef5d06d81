-- One step ahead: what departments have planned, the monthly meetings with them, who has confirmed what is important,
-- and calendars out and in.

-- A planned event. Its text columns of 0001: what happens, what to tell those who ask, where. An event without an end has
-- the last instant there is as ends_at. live and past are the clock's words and stored nowhere.
ALTER TABLE planned_events ADD COLUMN kind TEXT NOT NULL DEFAULT 'other'; -- works, closure, rule, decision, other
ALTER TABLE planned_events ADD COLUMN state TEXT NOT NULL DEFAULT 'planned'; -- draft, planned, cancelled, dropped
ALTER TABLE planned_events ADD COLUMN importance TEXT NOT NULL DEFAULT 'ordinary'; -- ordinary, important
ALTER TABLE planned_events ADD COLUMN department_id UUID;
ALTER TABLE planned_events ADD COLUMN all_day BOOLEAN NOT NULL DEFAULT FALSE; -- whole Swedish days
ALTER TABLE planned_events ADD COLUMN latitude DOUBLE PRECISION;
ALTER TABLE planned_events ADD COLUMN longitude DOUBLE PRECISION;
ALTER TABLE planned_events ADD COLUMN notice TEXT; -- what the public reads; NULL: nothing
ALTER TABLE planned_events ADD COLUMN shown_at BIGINT; -- from when the public reads it; NULL: from the beginning
ALTER TABLE planned_events ADD COLUMN version BIGINT NOT NULL DEFAULT 1; -- counted from 1, a step for every change
ALTER TABLE planned_events ADD COLUMN text_version BIGINT NOT NULL DEFAULT 1; -- the version guides must have confirmed
ALTER TABLE planned_events ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE planned_events ADD COLUMN meeting_id UUID; -- the meeting at which it was told
CREATE INDEX planned_events_ends ON planned_events (state, ends_at, begins_at);
CREATE INDEX planned_events_department ON planned_events (department_id, ends_at);

-- What people are expected to ask, in order, and what answers it.
CREATE TABLE planned_event_questions (
    event_id UUID NOT NULL REFERENCES planned_events (id),
    place BIGINT NOT NULL, -- from 0
    question TEXT NOT NULL,
    article_id UUID,
    PRIMARY KEY (event_id, place)
);

-- The articles that belong to it. One that goes live with it is published by the clock when the event is shown.
CREATE TABLE planned_event_articles (
    event_id UUID NOT NULL REFERENCES planned_events (id),
    article_id UUID NOT NULL,
    goes_live BOOLEAN NOT NULL,
    went_live_at BIGINT,
    fault TEXT, -- why it did not, in a word: not_reviewed, gone, unowned
    PRIMARY KEY (event_id, article_id)
);
CREATE INDEX planned_event_articles_article ON planned_event_articles (article_id);

-- Every version as it was, as JSON, with who wrote it: so that a change can be seen afterwards.
CREATE TABLE planned_event_versions (
    event_id UUID NOT NULL REFERENCES planned_events (id),
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    draft TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    PRIMARY KEY (event_id, version)
);

-- Who has confirmed having read which text.
CREATE TABLE event_confirmations (
    event_id UUID NOT NULL REFERENCES planned_events (id),
    text_version BIGINT NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    confirmed_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, text_version, user_id)
);

-- The standing meeting with a department: the nth weekday of every month.
CREATE TABLE meeting_series (
    id UUID PRIMARY KEY,
    department_id UUID NOT NULL REFERENCES departments (id),
    nth BIGINT NOT NULL, -- 1 to 4, or 5 for the month's last
    weekday BIGINT NOT NULL, -- 1 is Monday
    begins TEXT NOT NULL, -- HH:MM, Swedish time
    minutes BIGINT NOT NULL,
    place TEXT NOT NULL,
    active BOOLEAN NOT NULL
);
CREATE INDEX meeting_series_department ON meeting_series (department_id);

CREATE TABLE meetings (
    id UUID PRIMARY KEY,
    series_id UUID REFERENCES meeting_series (id),
    department_id UUID NOT NULL REFERENCES departments (id),
    begins_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL, -- planned, held, cancelled
    notes TEXT NOT NULL,
    version BIGINT NOT NULL, -- of when and where, for calendars
    changed_at BIGINT NOT NULL
);
CREATE INDEX meetings_department ON meetings (department_id, begins_at);
CREATE INDEX meetings_time ON meetings (begins_at, id);

-- Whom the invitation goes to.
CREATE TABLE meeting_guests (
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    officer_id UUID NOT NULL REFERENCES officers (id),
    invited_version BIGINT NOT NULL, -- the version last sent; 0: none
    PRIMARY KEY (meeting_id, officer_id)
);

-- The agenda. What was suggested carries where it came from, so that it is suggested once.
CREATE TABLE meeting_items (
    id UUID PRIMARY KEY,
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    place BIGINT NOT NULL, -- from 0
    kind TEXT NOT NULL, -- own, event, gap, sliding, late, reachability, common, action
    source TEXT NOT NULL, -- a word or an id; empty for one's own
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    notes TEXT NOT NULL,
    decision TEXT NOT NULL
);
CREATE INDEX meeting_items_meeting ON meeting_items (meeting_id, place);

-- What was agreed that somebody does. Open ones are tasks.
CREATE TABLE meeting_actions (
    id UUID PRIMARY KEY,
    meeting_id UUID NOT NULL REFERENCES meetings (id),
    item_id UUID REFERENCES meeting_items (id),
    what TEXT NOT NULL,
    owner_id UUID NOT NULL REFERENCES users (id),
    due_day TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by UUID REFERENCES users (id)
);
CREATE INDEX meeting_actions_owner ON meeting_actions (owner_id, due_day) WHERE done_at IS NULL;
CREATE INDEX meeting_actions_meeting ON meeting_actions (meeting_id);

-- Addresses at which calendar programs fetch what is planned. The address is signed; the row says whether it holds.
CREATE TABLE calendar_feeds (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id), -- whose it is
    department_id UUID REFERENCES departments (id), -- one department's only
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    read_at BIGINT -- when a program fetched it last
);
CREATE INDEX calendar_feeds_user ON calendar_feeds (user_id, created_at);

-- Calendars that are read: a file that somebody has uploaded, or an address that is fetched.
CREATE TABLE calendar_sources (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    department_id UUID REFERENCES departments (id),
    url TEXT, -- NULL: uploaded by hand
    created_at BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    tried_at BIGINT,
    read_at BIGINT, -- when it was last read without fault
    fault TEXT, -- why the last attempt failed
    faults TEXT NOT NULL -- what in it could not be read, as JSON
);

-- What a calendar says of each of its events, and which planned event came of it.
CREATE TABLE calendar_entries (
    source_id UUID NOT NULL REFERENCES calendar_sources (id),
    uid TEXT NOT NULL,
    recurrence TEXT NOT NULL, -- which of a series, by when it was to be at first; empty for one alone
    event_id UUID NOT NULL REFERENCES planned_events (id),
    sequence BIGINT NOT NULL,
    said TEXT NOT NULL, -- what it says, as JSON
    pending TEXT, -- what it says now and nobody has taken over, as JSON
    begins_at BIGINT NOT NULL,
    PRIMARY KEY (source_id, uid, recurrence)
);
CREATE UNIQUE INDEX calendar_entries_event ON calendar_entries (event_id);
