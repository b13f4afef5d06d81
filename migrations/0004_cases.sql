-- The whole case: what it is beyond its matter and its status.

-- Content by its digest, so that the same file sent five times is kept once. What a file is called and who may read it
-- is for the table that refers to it.
CREATE TABLE blobs (sha256 BYTEA PRIMARY KEY, bytes BYTEA NOT NULL);

-- The heading a type is found under, and whether residents may report it through Open311.
ALTER TABLE case_types ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE case_types ADD COLUMN open311 BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE cases ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal'; -- low, normal, high, urgent
ALTER TABLE cases ADD COLUMN assignee_id UUID REFERENCES users (id); -- the guide who has it
ALTER TABLE cases ADD COLUMN answer_group_id UUID REFERENCES answer_groups (id); -- the group that has it
ALTER TABLE cases ADD COLUMN place_address TEXT;
ALTER TABLE cases ADD COLUMN latitude DOUBLE PRECISION; -- WGS 84, degrees; both or none
ALTER TABLE cases ADD COLUMN longitude DOUBLE PRECISION;
ALTER TABLE cases ADD COLUMN due_day TEXT; -- the last day of the term the resident was given
ALTER TABLE cases ADD COLUMN merged_into_id UUID REFERENCES cases (id); -- the case that goes on in its place
-- Counts every change, so that two who change at the same time notice.
ALTER TABLE cases ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
CREATE INDEX cases_merged ON cases (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- Who else has a part in a case.
CREATE TABLE stakeholders (
    id UUID PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    role TEXT NOT NULL, -- resident, relative, company, authority, other
    name TEXT,
    organisation TEXT,
    telephone TEXT, -- E.164
    email TEXT,
    address TEXT,
    resident_id UUID REFERENCES residents (id),
    added_at BIGINT NOT NULL
);
CREATE INDEX stakeholders_case ON stakeholders (case_id, added_at, id);
CREATE INDEX stakeholders_resident ON stakeholders (resident_id) WHERE resident_id IS NOT NULL;

CREATE TABLE documents (
    id UUID PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES cases (id),
    note_id UUID REFERENCES case_notes (id), -- the note it came with
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 BYTEA NOT NULL REFERENCES blobs (sha256),
    size_bytes BIGINT NOT NULL,
    public BOOLEAN NOT NULL, -- whether the resident may read it
    author_kind TEXT NOT NULL,
    author_id UUID,
    added_at BIGINT NOT NULL
);
CREATE INDEX documents_case ON documents (case_id, added_at, id);
CREATE INDEX documents_blob ON documents (sha256);

-- Cases that have to do with each other. A child points at its parent, a duplicate at the one it repeats; of two that are
-- related, the one with the lesser id points.
CREATE TABLE case_links (
    from_id UUID NOT NULL REFERENCES cases (id),
    to_id UUID NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL, -- parent, related, duplicate
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (from_id, to_id, kind)
);
CREATE INDEX case_links_to ON case_links (to_id, kind);

-- Two cases made one, and all that is needed to part them again.
CREATE TABLE case_merges (
    id UUID PRIMARY KEY,
    from_id UUID NOT NULL REFERENCES cases (id),
    into_id UUID NOT NULL REFERENCES cases (id),
    from_before TEXT NOT NULL, -- how each stood before and the kept one after, as JSON of words and instants
    into_before TEXT NOT NULL,
    into_after TEXT NOT NULL,
    merged_at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX case_merges_from ON case_merges (from_id, merged_at);
CREATE INDEX case_merges_into ON case_merges (into_id, merged_at);

-- What moved from the one case to the other.
CREATE TABLE case_merge_rows (
    merge_id UUID NOT NULL REFERENCES case_merges (id),
    kind TEXT NOT NULL, -- contact, note, follow_up, task, message, stakeholder, document
    row_id UUID NOT NULL,
    clock_before TEXT, -- a follow-up's clock before and after the move, as JSON
    clock_after TEXT,
    PRIMARY KEY (merge_id, kind, row_id)
);
CREATE INDEX case_merge_rows_row ON case_merge_rows (row_id);
