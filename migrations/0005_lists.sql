-- Lists that answer a question, each on an index of its own; filters people keep; keys people choose.

-- The indexes of open cases hold closed_at, which is always null in them: SQLite asks for it all the same, and would
-- fetch each case's row for it.
DROP INDEX cases_open;
CREATE INDEX cases_open ON cases (changed_at, id, closed_at) WHERE closed_at IS NULL;
DROP INDEX cases_open_department;
CREATE INDEX cases_open_department ON cases (department_id, changed_at, id, closed_at) WHERE closed_at IS NULL;
-- Whose work an open case is: the guide's who has it, else the guide's who registered it.
CREATE INDEX cases_open_responsible ON cases ((COALESCE(assignee_id, registered_by)), changed_at, id, closed_at)
    WHERE closed_at IS NULL;
CREATE INDEX cases_open_group ON cases (answer_group_id, changed_at, id, closed_at) WHERE closed_at IS NULL;
-- Open and closed cases of a type apart: with one index over both, SQLite takes it for the open ones too and walks ten
-- years of closed ones.
CREATE INDEX cases_open_type ON cases (case_type_id, changed_at, id, closed_at) WHERE closed_at IS NULL;
CREATE INDEX cases_closed_type ON cases (case_type_id, changed_at, id, closed_at) WHERE closed_at IS NOT NULL;
-- What residents were promised, for the list of what is late and the guide's "next".
CREATE INDEX cases_open_due ON cases (due_day, id) WHERE closed_at IS NULL AND due_day IS NOT NULL;
-- The map: open cases that lie somewhere, newest change first.
CREATE INDEX cases_open_placed ON cases (changed_at, id, closed_at, latitude) WHERE closed_at IS NULL AND latitude IS NOT NULL;
-- Has this been reported already? The latest of one type.
CREATE INDEX cases_type_registered ON cases (case_type_id, registered_at, id);

-- Filters with a name. The query is words and ids, as in a list's address; it is read and checked again at every use.
CREATE TABLE saved_filters (
    id UUID PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES users (id),
    shared_group_id UUID REFERENCES answer_groups (id), -- whose members see it too; NULL is the owner's alone
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX saved_filters_owner ON saved_filters (owner_id, id);
CREATE INDEX saved_filters_group ON saved_filters (shared_group_id, id) WHERE shared_group_id IS NOT NULL;

-- What a change of many cases at once has come to, so that the same one sent twice changes each case once.
CREATE TABLE bulk_changes (
    bulk_id UUID NOT NULL,
    case_id UUID NOT NULL REFERENCES cases (id),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (bulk_id, case_id)
);
CREATE INDEX bulk_changes_time ON bulk_changes (changed_at);
CREATE INDEX bulk_changes_case ON bulk_changes (case_id);

-- Keys that somebody has chosen instead of those Lots comes with. Blank: the key is off.
CREATE TABLE user_shortcuts (
    user_id UUID NOT NULL REFERENCES users (id),
    command TEXT NOT NULL,
    chord TEXT NOT NULL,
    PRIMARY KEY (user_id, command)
);
