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

-- What becomes of closed cases, by the rule they carry (cases.retention_rule is a rule's code). Without a row nothing is
-- ever weeded out.
CREATE TABLE retention_rules (
    code TEXT PRIMARY KEY,
    keep_months BIGINT NOT NULL,
    counted_from TEXT NOT NULL, -- closed, arrived
    action TEXT NOT NULL, -- delete, anonymise, preserve
    basis TEXT NOT NULL, -- the decision it rests on: "Dokumenthanteringsplan KS 2026, 4.2"
    active BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX cases_retention ON cases (retention_rule, closed_at) WHERE closed_at IS NOT NULL;

-- A stop to weeding (bevarandestopp): of one case, or of all of a resident's.
CREATE TABLE retention_holds (
    id UUID PRIMARY KEY,
    case_id UUID REFERENCES cases (id),
    resident_id UUID REFERENCES residents (id),
    reason TEXT NOT NULL,
    placed_by UUID REFERENCES users (id),
    placed_at BIGINT NOT NULL,
    released_by UUID REFERENCES users (id),
    released_at BIGINT
);
CREATE INDEX retention_holds_case ON retention_holds (case_id) WHERE released_at IS NULL;
CREATE INDEX retention_holds_resident ON retention_holds (resident_id) WHERE released_at IS NULL;

-- A batch that a rule says may go: proposed by night, approved by a person, then carried out. What is left when it is
-- done is the record of destruction (gallringsprotokoll): no numbers, no names.
CREATE TABLE disposals (
    id UUID PRIMARY KEY,
    rule_code TEXT NOT NULL,
    keep_months BIGINT NOT NULL, -- the rule as it was when proposed
    counted_from TEXT NOT NULL,
    action TEXT NOT NULL,
    basis TEXT NOT NULL,
    state TEXT NOT NULL, -- proposed, approved, done, rejected
    proposed_at BIGINT NOT NULL,
    decided_by UUID REFERENCES users (id),
    decided_at BIGINT,
    done_at BIGINT
);
CREATE INDEX disposals_state ON disposals (state, proposed_at, id);

-- The cases of a batch. No reference to cases: the row outlives what it names until the batch is done.
CREATE TABLE disposal_items (
    disposal_id UUID NOT NULL REFERENCES disposals (id),
    case_id UUID NOT NULL,
    state TEXT NOT NULL, -- waiting, gone, kept
    why_kept TEXT, -- held, reopened, no_rule, not_due
    PRIMARY KEY (disposal_id, case_id)
);
CREATE INDEX disposal_items_case ON disposal_items (case_id, state);
CREATE INDEX disposal_items_waiting ON disposal_items (disposal_id, state, case_id);

-- What a batch came to, counted.
CREATE TABLE disposal_counts (
    disposal_id UUID NOT NULL REFERENCES disposals (id),
    board TEXT NOT NULL,
    case_type TEXT NOT NULL,
    arrival_year BIGINT NOT NULL,
    cases BIGINT NOT NULL,
    PRIMARY KEY (disposal_id, board, case_type, arrival_year)
);

-- Two cards that were one resident's, made one; with all that is needed to part them again. Erased with the card.
CREATE TABLE card_merges (
    id UUID PRIMARY KEY,
    kept_id UUID NOT NULL REFERENCES residents (id),
    merged_id UUID NOT NULL REFERENCES residents (id),
    merged_before TEXT NOT NULL, -- the merged card as it was, as JSON
    kept_before TEXT NOT NULL, -- the kept card as it was, as JSON
    merged_by UUID REFERENCES users (id),
    merged_at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX card_merges_kept ON card_merges (kept_id, merged_at);
CREATE INDEX card_merges_merged ON card_merges (merged_id);

-- What moved from the one card to the other.
CREATE TABLE card_merge_rows (
    merge_id UUID NOT NULL REFERENCES card_merges (id),
    kind TEXT NOT NULL, -- the table
    row_id UUID NOT NULL,
    PRIMARY KEY (merge_id, kind, row_id)
);

-- When a rule has taken everything personal out of a case and left it to be counted.
ALTER TABLE cases ADD COLUMN anonymised_at BIGINT;
-- A card that is another's: whoever is found by it is found there.
ALTER TABLE residents ADD COLUMN merged_into_id UUID REFERENCES residents (id);
CREATE INDEX residents_merged ON residents (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- Whether a file is still referred to is asked for each that goes.
CREATE INDEX message_attachments_blob ON message_attachments (sha256);
CREATE INDEX letter_parts_blob ON letter_parts (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX letters_raw ON letters (raw_sha256) WHERE raw_sha256 IS NOT NULL;
CREATE INDEX mail_taken_in_raw ON mail_taken_in (raw_sha256) WHERE raw_sha256 IS NOT NULL;
CREATE INDEX mail_taken_in_conversation ON mail_taken_in (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX mail_taken_in_case ON mail_taken_in (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX conversations_linked_case ON conversations (linked_case_id) WHERE linked_case_id IS NOT NULL;
CREATE INDEX conversations_linked_to ON conversations (linked_to_id) WHERE linked_to_id IS NOT NULL;

-- A board's diary is read by the days its cases arrived.
CREATE INDEX cases_diary ON cases (board, arrival_day);
