-- Programs' ways in to cases: Open311 (GeoReport v2) and errands as the Sundsvall model has them. What Lots has no place of
-- its own for is kept as it came, so that it can be given back without loss.

-- Cases that residents reported through Open311.
CREATE TABLE open311_requests (
    case_id UUID PRIMARY KEY REFERENCES cases (id),
    media_url TEXT, -- where the reporter says there is a picture; never fetched
    received_at BIGINT NOT NULL
);

-- Updates that came in through Open311, each once by its sender's own id.
CREATE TABLE open311_updates (
    case_id UUID NOT NULL REFERENCES cases (id),
    update_id TEXT NOT NULL,
    note_id UUID NOT NULL REFERENCES case_notes (id),
    received_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, update_id)
);

-- What an errand's client has said of a case beyond what the case holds, as JSON.
CREATE TABLE errands (
    case_id UUID PRIMARY KEY REFERENCES cases (id),
    fields TEXT NOT NULL
);

-- The same of a stakeholder: as it came, in its order, and how Lots showed it then, so that a change made since is seen.
CREATE TABLE errand_stakeholders (
    stakeholder_id UUID PRIMARY KEY REFERENCES stakeholders (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    fields TEXT NOT NULL
);

-- The same of a note.
CREATE TABLE errand_notes (
    note_id UUID PRIMARY KEY REFERENCES case_notes (id) ON DELETE CASCADE,
    fields TEXT NOT NULL
);
