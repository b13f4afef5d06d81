-- The residents' side: a code beside the case number, a second factor before anything personal, how they want to be
-- told; text messages on their way; and webhooks to other systems.

-- The code that, with the case's number, shows how a case stands. Kept as a keyed hash; replaced by a new one.
CREATE TABLE resident_codes (
    case_id UUID PRIMARY KEY REFERENCES cases (id),
    code_hash BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- How a resident wants to be told about a case: email, sms, none. Without a row the house chooses.
CREATE TABLE resident_choices (
    case_id UUID PRIMARY KEY REFERENCES cases (id),
    told_by TEXT NOT NULL,
    chosen_at BIGINT NOT NULL
);

-- A browser that has shown a case's link or code. Proven once it has also shown a code sent to the known address.
CREATE TABLE resident_sessions (
    token_hash BYTEA PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    case_id UUID NOT NULL REFERENCES cases (id),
    link_id UUID REFERENCES links (id), -- the link it began with; none if it was number and code
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    proven_at BIGINT
);
CREATE INDEX resident_sessions_case ON resident_sessions (case_id);
CREATE INDEX resident_sessions_expires ON resident_sessions (expires_at);

-- Codes sent by text message or e-mail. One at a time counts for a session: the newest.
CREATE TABLE resident_challenges (
    id UUID PRIMARY KEY,
    session_id UUID NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    channel TEXT NOT NULL,
    code_hash BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX resident_challenges_session ON resident_challenges (session_id, made_at);
CREATE INDEX resident_challenges_case ON resident_challenges (case_id, made_at);

-- A message whose text is a secret: it is blanked as soon as it has left or will not.
ALTER TABLE messages ADD COLUMN secret BOOLEAN NOT NULL DEFAULT FALSE;
-- When the recipient's telephone had the whole text message, as the operator reports.
ALTER TABLE messages ADD COLUMN delivered_at BIGINT;

-- The parts of a text message that the gateway has taken, with the name it gave each.
CREATE TABLE text_parts (
    message_id UUID NOT NULL REFERENCES messages (id),
    part BIGINT NOT NULL, -- counted from 1
    parts BIGINT NOT NULL,
    gateway_id TEXT,
    state TEXT NOT NULL, -- sent, delivered, failed
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, part)
);
CREATE INDEX text_parts_gateway ON text_parts (gateway_id);

-- Other systems that are told what happens. Each reads the timeline with its own cursor, which stands still while the
-- webhook is paused or disabled, so that nothing is lost. The secret is derived, not kept; rotating counts the version.
CREATE TABLE webhooks (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    kinds TEXT NOT NULL, -- words of the timeline, with a space between
    contact_email TEXT, -- who is told when it is disabled
    state TEXT NOT NULL, -- active, paused, disabled
    disabled_reason TEXT,
    secret_version BIGINT NOT NULL,
    old_secret_until_at BIGINT,
    cursor_seq BIGINT NOT NULL,
    failing_since_at BIGINT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- What a webhook is to be told, and the log of how it went. The body is ids and words only.
CREATE TABLE webhook_deliveries (
    id UUID PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhooks (id),
    seq BIGINT, -- the timeline's; none for a test
    kind TEXT NOT NULL,
    subject_id UUID,
    body TEXT NOT NULL,
    state TEXT NOT NULL, -- waiting, delivered, failed
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    locked_until_at BIGINT,
    first_tried_at BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    answer_status BIGINT,
    problem TEXT,
    UNIQUE (webhook_id, seq)
);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_order ON webhook_deliveries (webhook_id, subject_id, seq) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (webhook_id, created_at, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
