-- Secrecy and records: who may open which board's secret cases, what has been opened and why, and what becomes of old
-- cases.

-- Which boards' restricted cases somebody (a user, or a key for the API) may open. No row, no access.
CREATE TABLE board_access (
    holder_id UUID NOT NULL,
    board TEXT NOT NULL,
    granted_by UUID, -- the user who gave it; NULL when the house itself did (set-up)
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (holder_id, board)
);
CREATE INDEX board_access_board ON board_access (board);

-- The log of openings is read by who opened and by when; what was opened is in timeline_subject.
CREATE INDEX timeline_openings ON timeline (at, seq) WHERE kind = 'opened';
CREATE INDEX timeline_openings_of ON timeline (actor_id, at, seq) WHERE kind = 'opened';

-- A card with protected personal data is opened for a stated reason, and for a while only.
CREATE TABLE protected_openings (
    id UUID PRIMARY KEY,
    resident_id UUID NOT NULL REFERENCES residents (id),
    opened_by UUID NOT NULL REFERENCES users (id),
    act TEXT NOT NULL, -- opened, lifted
    reason TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    holds_until_at BIGINT NOT NULL
);
CREATE INDEX protected_openings_resident ON protected_openings (resident_id, opened_by, holds_until_at);
CREATE INDEX protected_openings_opened ON protected_openings (opened_at, id);
