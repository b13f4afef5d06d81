-- Letters with residents: mailboxes, conversations, their clock; and visits to the desk.

CREATE TABLE mailboxes (
    id UUID PRIMARY KEY,
    address TEXT NOT NULL UNIQUE, -- lower case
    name TEXT NOT NULL,
    answer_group_id UUID REFERENCES answer_groups (id),
    clock_working_days BIGINT NOT NULL, -- within how many working days a letter is to be answered: 1 or 2
    signature TEXT NOT NULL,
    acknowledge BOOLEAN NOT NULL, -- whether a new letter is acknowledged at once
    acknowledgement TEXT NOT NULL, -- in which words; blank: Lots's own
    takes_web BOOLEAN NOT NULL, -- whether questions from the web form come here
    active BOOLEAN NOT NULL
);

-- One exchange of letters with one resident.
CREATE TABLE conversations (
    id UUID PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE, -- what a resident is told: FR-26110001
    mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
    channel TEXT NOT NULL, -- email, web
    contact_id UUID REFERENCES contacts (id), -- NULL: only machines have written
    resident_id UUID REFERENCES residents (id),
    case_id UUID REFERENCES cases (id),
    sender_email TEXT NOT NULL, -- lower case; blank if it came without
    sender_name TEXT NOT NULL,
    sender_telephone TEXT, -- E.164, from a web form
    subject TEXT NOT NULL,
    state TEXT NOT NULL, -- waiting, answered, closed, quiet, spam
    state_before_spam TEXT,
    warning TEXT, -- stranger, undelivered, not_added
    linked_to_id UUID REFERENCES conversations (id), -- the conversation that a stranger's letter says it answers
    linked_case_id UUID REFERENCES cases (id), -- the case that a stranger's letter says it is about
    arrived_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    waiting_since_at BIGINT, -- since when the resident waits; NULL: does not
    due_day TEXT, -- the last day of the wait that is in time
    taken_by UUID REFERENCES users (id),
    taken_at BIGINT
);
CREATE INDEX conversations_waiting ON conversations (mailbox_id, due_day, waiting_since_at, id)
    WHERE waiting_since_at IS NOT NULL;
CREATE INDEX conversations_mailbox ON conversations (mailbox_id, state, changed_at, id);
CREATE INDEX conversations_taken ON conversations (taken_by, due_day, waiting_since_at, id)
    WHERE waiting_since_at IS NOT NULL;
CREATE INDEX conversations_case ON conversations (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX conversations_resident ON conversations (resident_id) WHERE resident_id IS NOT NULL;
CREATE INDEX conversations_contact ON conversations (contact_id) WHERE contact_id IS NOT NULL;

-- Whose letters belong to a conversation: those who have written in it and been let in, and those we have written to.
CREATE TABLE conversation_participants (
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    email TEXT NOT NULL,
    PRIMARY KEY (conversation_id, email)
);

-- Each time a resident began to wait for an answer, and what ended it. The measure of the two working days.
CREATE TABLE mail_waits (
    id UUID PRIMARY KEY,
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
    first BOOLEAN NOT NULL, -- the conversation's first
    began_at BIGINT NOT NULL,
    due_day TEXT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT, -- answered, closed, spam
    in_time BOOLEAN
);
CREATE INDEX mail_waits_ended ON mail_waits (mailbox_id, ended_at);
CREATE UNIQUE INDEX mail_waits_open ON mail_waits (conversation_id) WHERE ended_at IS NULL;

-- What is said in a conversation.
CREATE TABLE letters (
    id UUID PRIMARY KEY,
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    kind TEXT NOT NULL, -- received, automatic, bounce, sent, acknowledgement, note
    message_id TEXT, -- without angle brackets
    from_email TEXT NOT NULL,
    from_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL, -- whole
    reply TEXT NOT NULL, -- with quotes and signature folded away
    html TEXT,
    raw_sha256 BYTEA, -- as it came, in blobs
    outgoing_id UUID REFERENCES messages (id), -- of what we send: how far it has come
    author_id UUID REFERENCES users (id),
    sent_at BIGINT, -- as its sender says
    written_at BIGINT NOT NULL
);
CREATE INDEX letters_conversation ON letters (conversation_id, written_at, id);
CREATE INDEX letters_message_id ON letters (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX letters_outgoing ON letters (outgoing_id) WHERE outgoing_id IS NOT NULL;

-- Files that came or go with a letter. sha256 is NULL for what was refused, and why stands beside it.
CREATE TABLE letter_parts (
    id UUID PRIMARY KEY,
    letter_id UUID NOT NULL REFERENCES letters (id),
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content_id TEXT, -- without angle brackets
    inline BOOLEAN NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA,
    refused TEXT
);
CREATE INDEX letter_parts_letter ON letter_parts (letter_id, place);

-- Everything that was taken in, so that the same letter is taken in once.
CREATE TABLE mail_taken_in (
    mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
    raw_digest BYTEA NOT NULL,
    uid TEXT, -- folder, validity and number
    filed TEXT NOT NULL, -- what was made of it
    conversation_id UUID REFERENCES conversations (id),
    case_id UUID REFERENCES cases (id),
    raw_sha256 BYTEA,
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, raw_digest)
);
CREATE UNIQUE INDEX mail_taken_in_uid ON mail_taken_in (mailbox_id, uid);

-- Who has been told that day that a letter has come, by a digest of the address.
CREATE TABLE mail_acknowledged (
    mailbox_id UUID NOT NULL REFERENCES mailboxes (id),
    sender_sha256 BYTEA NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (mailbox_id, sender_sha256, day)
);

-- The answer that is being written, shared by all, with its last versions so that nothing written is lost.
CREATE TABLE mail_drafts (
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    version BIGINT NOT NULL,
    text TEXT NOT NULL,
    written_by UUID NOT NULL REFERENCES users (id),
    written_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, version)
);

-- Who has a conversation open and is writing, until seen_at is too long ago.
CREATE TABLE mail_writers (
    conversation_id UUID NOT NULL REFERENCES conversations (id),
    user_id UUID NOT NULL REFERENCES users (id),
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
);

CREATE TABLE reply_templates (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL
);

-- The desk's queues, each with its letter, and those who have come.
CREATE TABLE desk_queues (
    letter TEXT PRIMARY KEY, -- A to Z
    name TEXT NOT NULL,
    answer_group_id UUID REFERENCES answer_groups (id),
    active BOOLEAN NOT NULL
);

CREATE TABLE visits (
    id UUID PRIMARY KEY,
    day TEXT NOT NULL,
    letter TEXT NOT NULL REFERENCES desk_queues (letter),
    number BIGINT NOT NULL, -- from 1 each day and letter, without gaps
    contact_id UUID NOT NULL REFERENCES contacts (id),
    state TEXT NOT NULL, -- waiting, called, served, gone
    desk TEXT, -- where to: "2"
    came_at BIGINT NOT NULL,
    called_at BIGINT,
    called_by UUID REFERENCES users (id),
    ended_at BIGINT
);
CREATE UNIQUE INDEX visits_number ON visits (day, letter, number);
CREATE INDEX visits_state ON visits (day, state, came_at, id);
