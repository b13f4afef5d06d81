-- The house. One text for SQLite and PostgreSQL, so only what both understand:
-- UUID, TEXT, BIGINT, BOOLEAN, DOUBLE PRECISION, BYTEA. Instants are BIGINT microseconds since 1970 (UTC), ending in
-- _at; days are TEXT YYYY-MM-DD in Swedish time, ending in _day. A migration that has landed is never edited.

-- Counters that must be gapless and in commit order: the timeline's sequence, case numbers.
CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);

-- Who did what to which id and when. Holds ids, never personal text, so that erasure stays possible.
CREATE TABLE timeline (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    related_id UUID,
    detail TEXT
);
CREATE INDEX timeline_subject ON timeline (subject_id, seq);
CREATE INDEX timeline_kind ON timeline (kind, seq);

-- Work to be done later, at least once.
CREATE TABLE jobs (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    dedupe_key TEXT UNIQUE,
    state TEXT NOT NULL, -- waiting, running, done, failed
    run_at BIGINT NOT NULL,
    locked_until_at BIGINT,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX jobs_due ON jobs (state, run_at);

CREATE TABLE departments (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    board TEXT NOT NULL,
    escalation_email TEXT NOT NULL
);

CREATE TABLE officers (
    id UUID PRIMARY KEY,
    department_id UUID NOT NULL REFERENCES departments (id),
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    telephone TEXT,
    language TEXT NOT NULL,
    active BOOLEAN NOT NULL
);

CREATE TABLE answer_groups (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    dialled TEXT UNIQUE -- the number residents dial for this group; NULL takes what no other group has
);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    sign_in TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    hourly BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

-- Which groups' calls a guide takes. Level 1 is the own group, higher levels help out later.
CREATE TABLE user_groups (
    user_id UUID NOT NULL REFERENCES users (id),
    answer_group_id UUID NOT NULL REFERENCES answer_groups (id),
    level BIGINT NOT NULL,
    PRIMARY KEY (user_id, answer_group_id)
);

-- A guide's SIP account. ha1 are the digests of user:realm:password, never the password.
CREATE TABLE telephones (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL UNIQUE REFERENCES users (id),
    sip_user TEXT NOT NULL UNIQUE,
    ha1_md5 TEXT NOT NULL,
    ha1_sha256 TEXT NOT NULL
);

CREATE TABLE sessions (
    token_hash BYTEA PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    user_id UUID NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);

-- Failed attempts by hashed key (sign-in name, address), for throttling.
CREATE TABLE throttles (
    key_hash BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    window_began_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    key_hash BYTEA NOT NULL UNIQUE,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE residents (
    id UUID PRIMARY KEY,
    name TEXT,
    telephone TEXT UNIQUE, -- E.164
    email TEXT,
    language TEXT NOT NULL,
    protected BOOLEAN NOT NULL,
    survey_opt_out BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX residents_email ON residents (email);

-- What a case is about.
CREATE TABLE case_types (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    keywords TEXT NOT NULL,
    department_id UUID NOT NULL REFERENCES departments (id),
    officer_id UUID REFERENCES officers (id), -- who gets it when nobody else is chosen
    board TEXT NOT NULL,
    secrecy_class TEXT NOT NULL,
    retention_rule TEXT NOT NULL,
    due_working_days BIGINT NOT NULL,
    public_text TEXT NOT NULL,
    active BOOLEAN NOT NULL
);

CREATE TABLE cases (
    id UUID PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    case_type_id UUID NOT NULL REFERENCES case_types (id),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    resident_id UUID REFERENCES residents (id),
    channel TEXT NOT NULL,
    arrival_day TEXT NOT NULL, -- first receipt in any channel; set once
    board TEXT NOT NULL,
    secrecy_class TEXT NOT NULL,
    retention_rule TEXT NOT NULL,
    status TEXT NOT NULL,
    outcome TEXT,
    department_id UUID NOT NULL REFERENCES departments (id),
    officer_id UUID REFERENCES officers (id),
    registered_by UUID REFERENCES users (id),
    registered_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    closed_at BIGINT,
    rests_until_day TEXT, -- the day a suspended case wakes
    idempotency_key TEXT UNIQUE -- who asked and their own key: the same key never makes two cases
);
CREATE INDEX cases_resident ON cases (resident_id, registered_at, id);
CREATE INDEX cases_status ON cases (status, changed_at, id);
CREATE INDEX cases_department ON cases (department_id, status, changed_at, id);
CREATE INDEX cases_changed ON cases (changed_at, id);
-- Most cases are closed; the lists a guide works from hold only the open ones.
CREATE INDEX cases_open ON cases (changed_at, id) WHERE closed_at IS NULL;
CREATE INDEX cases_open_mine ON cases (registered_by, changed_at, id) WHERE closed_at IS NULL;
CREATE INDEX cases_open_department ON cases (department_id, changed_at, id) WHERE closed_at IS NULL;

-- The words a case is found by: its number and its title's, folded to small letters. Bytes, so that a prefix is a range
-- in both engines whatever the collation.
CREATE TABLE case_words (
    word BYTEA NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    PRIMARY KEY (word, case_id)
);
CREATE INDEX case_words_case ON case_words (case_id);

-- One contact in any channel. A call's row is made when it arrives and ended exactly once.
CREATE TABLE contacts (
    id UUID PRIMARY KEY,
    channel TEXT NOT NULL,
    resident_id UUID REFERENCES residents (id),
    caller_number TEXT, -- E.164 as presented; NULL when withheld
    answer_group_id UUID REFERENCES answer_groups (id),
    arrived_at BIGINT NOT NULL,
    queued_at BIGINT,
    answered_at BIGINT,
    ended_at BIGINT,
    ending TEXT, -- handled, abandoned_in_prompt, abandoned, to_switchboard, failed
    guide_id UUID REFERENCES users (id),
    logged_at BIGINT,
    case_type_id UUID REFERENCES case_types (id),
    outcome TEXT,
    note TEXT,
    case_id UUID REFERENCES cases (id)
);
CREATE INDEX contacts_resident ON contacts (resident_id, arrived_at);
CREATE INDEX contacts_arrived ON contacts (arrived_at);
CREATE INDEX contacts_guide ON contacts (guide_id, ended_at);
CREATE INDEX contacts_case ON contacts (case_id);

-- One question to an officer, with its clock.
CREATE TABLE follow_ups (
    id UUID PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    officer_id UUID NOT NULL REFERENCES officers (id),
    message TEXT NOT NULL,
    state TEXT NOT NULL, -- waiting, done, wrong_recipient, withdrawn
    sent_at BIGINT NOT NULL,
    due_day TEXT NOT NULL,
    reminder_at BIGINT, -- when the next reminder goes; NULL when none is left
    reminders_sent BIGINT NOT NULL,
    call_task_at BIGINT,
    extended_to_day TEXT,
    paused_at BIGINT, -- since when the clock stands still because the case waits for the resident or rests
    answered_at BIGINT
);
CREATE INDEX follow_ups_case ON follow_ups (case_id);
CREATE INDEX follow_ups_state ON follow_ups (state, due_day, id);
CREATE INDEX follow_ups_officer ON follow_ups (officer_id, state);

CREATE TABLE case_notes (
    id UUID PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    author_kind TEXT NOT NULL,
    author_id UUID,
    follow_up_id UUID REFERENCES follow_ups (id), -- the question it answers, if any
    public BOOLEAN NOT NULL, -- whether the resident may read it
    text TEXT NOT NULL,
    written_at BIGINT NOT NULL
);
CREATE INDEX case_notes_case ON case_notes (case_id, written_at);

-- Signed, revocable links. The token is the id and its signature, so nothing secret is kept.
CREATE TABLE links (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL, -- officer, resident
    case_id UUID NOT NULL REFERENCES cases (id),
    follow_up_id UUID REFERENCES follow_ups (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX links_case ON links (case_id, kind);
CREATE INDEX links_follow_up ON links (follow_up_id);

-- What a person in the contact centre must do.
CREATE TABLE tasks (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL, -- call_officer, find_recipient, tell_resident
    case_id UUID NOT NULL REFERENCES cases (id),
    follow_up_id UUID REFERENCES follow_ups (id),
    created_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by UUID REFERENCES users (id)
);
CREATE INDEX tasks_open ON tasks (created_at, id) WHERE done_at IS NULL;
CREATE INDEX tasks_case ON tasks (case_id);

-- Messages on their way out. In the demo they stay here and are shown on the outbox page.
CREATE TABLE messages (
    id UUID PRIMARY KEY,
    channel TEXT NOT NULL, -- email, sms
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    case_id UUID REFERENCES cases (id),
    follow_up_id UUID REFERENCES follow_ups (id), -- the question an officer's message carries
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    state TEXT NOT NULL, -- waiting, sent, kept, failed
    last_error TEXT
);
CREATE INDEX messages_created ON messages (created_at, id);
CREATE INDEX messages_case ON messages (case_id);

CREATE TABLE articles (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    answer TEXT NOT NULL,       -- what to say, first
    body TEXT NOT NULL,         -- the rest, Markdown
    keywords TEXT NOT NULL,
    department_id UUID REFERENCES departments (id),
    case_type_id UUID REFERENCES case_types (id),
    changed_at BIGINT NOT NULL
);

CREATE TABLE planned_events (
    id UUID PRIMARY KEY,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    place TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX planned_events_time ON planned_events (begins_at, ends_at);

-- Who was asked. Knows nothing of answers.
CREATE TABLE survey_invitations (
    id UUID PRIMARY KEY,
    resident_id UUID NOT NULL REFERENCES residents (id),
    contact_id UUID NOT NULL UNIQUE REFERENCES contacts (id),
    invited_at BIGINT NOT NULL,
    state TEXT NOT NULL -- waiting, calling, answered, partly, declined, unreached
);
CREATE INDEX survey_invitations_resident ON survey_invitations (resident_id, invited_at);

-- What was answered. Knows nothing of who: the id is random, the time is a day.
CREATE TABLE survey_responses (
    id UUID PRIMARY KEY,
    answered_day TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    answer_group_id UUID REFERENCES answer_groups (id)
);
CREATE TABLE survey_answers (
    response_id UUID NOT NULL REFERENCES survey_responses (id),
    parameter TEXT NOT NULL,
    score BIGINT NOT NULL,
    PRIMARY KEY (response_id, parameter)
);

-- What went into the routing core, before its outputs left. A day can be replayed from it.
CREATE TABLE routing_journal (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    input TEXT NOT NULL
);
CREATE INDEX routing_journal_at ON routing_journal (at);

-- Small settings changed while running (surge notices, the instance's signing key).
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at BIGINT NOT NULL);
