-- Crisis: what is said, who said it and who approved it; what the spike detector has seen; who is called in.

-- From when until when. Figures can be shown with and without it.
CREATE TABLE crises (
    id UUID PRIMARY KEY,
    title TEXT NOT NULL,
    kind TEXT NOT NULL, -- storm, water, power, school, other
    begins_at BIGINT NOT NULL,
    ends_at BIGINT, -- NULL while it goes on
    opened_at BIGINT NOT NULL,
    opened_by UUID REFERENCES users (id),
    ended_by UUID REFERENCES users (id)
);
CREATE INDEX crises_period ON crises (begins_at, id);

-- Every version of what is said. A draft is changed in place; once published its texts never change again.
CREATE TABLE crisis_messages (
    id UUID PRIMARY KEY,
    crisis_id UUID NOT NULL REFERENCES crises (id),
    version BIGINT NOT NULL, -- counted from 1 in each crisis
    state TEXT NOT NULL, -- draft, live, replaced, ended, discarded
    revision BIGINT NOT NULL, -- counts the changes of a draft: what is approved is what was read
    title TEXT NOT NULL,
    public_text TEXT NOT NULL, -- on top of the public site
    guide_text TEXT NOT NULL, -- what guides say and do; empty: the public text
    spoken_text TEXT NOT NULL, -- what callers in the queue hear; empty: nothing is said there
    written_by UUID REFERENCES users (id),
    written_at BIGINT NOT NULL,
    approved_by UUID REFERENCES users (id),
    approved_at BIGINT,
    alone BOOLEAN NOT NULL, -- approved by the writer, because nobody else who may was there
    ended_at BIGINT,
    UNIQUE (crisis_id, version)
);
CREATE INDEX crisis_messages_state ON crisis_messages (state, approved_at, id);

-- What callers hear of a message: WAV, 8000 Hz, one channel, 16 bits.
CREATE TABLE crisis_sounds (
    message_id UUID PRIMARY KEY REFERENCES crisis_messages (id),
    source TEXT NOT NULL, -- recorded, spoken
    wav BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    made_by UUID REFERENCES users (id)
);

-- The town's own wording of a template; what has no row is as it came with the program.
CREATE TABLE crisis_templates (
    code TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    public_text TEXT NOT NULL,
    guide_text TEXT NOT NULL,
    spoken_text TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by UUID REFERENCES users (id)
);

-- What the spike detector proposes a message for. One at a time, for all that rises together.
CREATE TABLE spike_proposals (
    id UUID PRIMARY KEY,
    state TEXT NOT NULL, -- open, taken, dismissed, over
    began_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by UUID REFERENCES users (id),
    crisis_id UUID REFERENCES crises (id) -- what it was taken into
);
CREATE INDEX spike_proposals_state ON spike_proposals (state, began_at);

-- One stream of counts that rises beyond expectation, for as long as it does. Words and numbers, no persons.
CREATE TABLE spikes (
    proposal_id UUID NOT NULL REFERENCES spike_proposals (id),
    stream TEXT NOT NULL,
    name TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    since_at BIGINT NOT NULL,
    counted BIGINT NOT NULL, -- in the window, when it was at its highest
    expected DOUBLE PRECISION NOT NULL,
    window_minutes BIGINT NOT NULL,
    calm_since_at BIGINT,
    over_at BIGINT,
    PRIMARY KEY (proposal_id, stream)
);
CREATE INDEX spikes_going ON spikes (seen_at) WHERE over_at IS NULL;

-- Hourly staff who can be called in, in the order they are asked. The numbers are seen by leaders and the manager only.
CREATE TABLE call_in_people (
    id UUID PRIMARY KEY,
    user_id UUID REFERENCES users (id),
    name TEXT NOT NULL,
    telephone TEXT NOT NULL, -- E.164
    place BIGINT NOT NULL, -- from 1
    availability TEXT NOT NULL,
    active BOOLEAN NOT NULL
);

-- One time they are called in.
CREATE TABLE call_ins (
    id UUID PRIMARY KEY,
    crisis_id UUID REFERENCES crises (id),
    reason TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by UUID REFERENCES users (id),
    texted_at BIGINT,
    closed_at BIGINT
);
CREATE INDEX call_ins_opened ON call_ins (opened_at, id);

-- How it stands with each. link_id is the way in of the text message; whether it holds is told by the round.
CREATE TABLE call_in_answers (
    call_in_id UUID NOT NULL REFERENCES call_ins (id),
    person_id UUID NOT NULL REFERENCES call_in_people (id),
    state TEXT NOT NULL, -- waiting, texted, called, yes, no, no_answer
    coming_at BIGINT,
    link_id UUID NOT NULL UNIQUE,
    message_id UUID,
    changed_at BIGINT NOT NULL,
    changed_by UUID REFERENCES users (id), -- NULL: themselves, by the link
    PRIMARY KEY (call_in_id, person_id)
);

-- What has been registered lately, whatever it is about: the spike detector asks every minute.
CREATE INDEX cases_registered ON cases (registered_at, id);
