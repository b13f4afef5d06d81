-- Assignments: what the departments have handed over, in words that they have approved.

CREATE TABLE assignments (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    department_id UUID NOT NULL REFERENCES departments (id),
    owner_id UUID REFERENCES users (id), -- who in the contact centre looks after it
    review_day TEXT, -- when it is gone through next; NULL before it is in force and after it has ended
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);

-- Every version of every assignment. What it says is changed only while it is a draft.
CREATE TABLE assignment_versions (
    id UUID PRIMARY KEY,
    assignment_id UUID NOT NULL REFERENCES assignments (id),
    version BIGINT NOT NULL, -- counted from 1
    state TEXT NOT NULL, -- draft, sent, approved, in_force, under_review, refused, withdrawn, replaced, ended
    revision BIGINT NOT NULL, -- counts the draft's changes, so that two who write at once are told
    title TEXT NOT NULL, -- as in the basis, for lists
    basis TEXT NOT NULL, -- JSON: all that it says
    agreed TEXT, -- JSON: due times and recipients of its case types as they stood when it was sent
    changed_at BIGINT NOT NULL,
    changed_by UUID REFERENCES users (id),
    sent_at BIGINT,
    answered_at BIGINT,
    answered_by TEXT, -- the name that the department's contact person typed
    answered_email TEXT, -- the address the link went to
    reason TEXT, -- why it was not approved
    in_force_at BIGINT,
    out_of_force_at BIGINT,
    UNIQUE (assignment_id, version)
);
CREATE INDEX assignment_versions_state ON assignment_versions (state, assignment_id);

-- Signed links by which a department's contact person answers. Each is answered once.
CREATE TABLE assignment_links (
    id UUID PRIMARY KEY,
    version_id UUID NOT NULL REFERENCES assignment_versions (id),
    recipient TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX assignment_links_version ON assignment_links (version_id);

-- From when until when a version covers a case type: what was outside every assignment is told by the hour it came.
CREATE TABLE assignment_coverage (
    version_id UUID NOT NULL REFERENCES assignment_versions (id),
    case_type_id UUID NOT NULL REFERENCES case_types (id),
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    PRIMARY KEY (version_id, case_type_id)
);
CREATE INDEX assignment_coverage_type ON assignment_coverage (case_type_id, from_at);

-- Contacts and cases that a guide has said are outside every assignment, whatever their type.
CREATE TABLE outside_marks (
    subject_id UUID PRIMARY KEY, -- a contact or a case
    subject_kind TEXT NOT NULL,
    marked_by UUID REFERENCES users (id),
    marked_at BIGINT NOT NULL
);

-- What others own: where to turn instead.
CREATE TABLE referrals (
    id UUID PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL, -- whose it is: 1177, Försäkringskassan, the bank
    text TEXT NOT NULL,
    keywords TEXT NOT NULL,
    telephone TEXT NOT NULL, -- as people write it, since short numbers have no other form; empty if none
    url TEXT NOT NULL, -- empty if none
    active BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by UUID REFERENCES users (id)
);

-- What has been set by hand in the checklist along ISO 18295-1.
CREATE TABLE standard_checks (
    point TEXT PRIMARY KEY,
    state TEXT NOT NULL, -- in_place, partly, missing
    note TEXT NOT NULL,
    evidence TEXT NOT NULL, -- an address, or empty
    checked_day TEXT NOT NULL,
    checked_by UUID REFERENCES users (id)
);
