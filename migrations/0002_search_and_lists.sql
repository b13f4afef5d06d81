-- What guides search and list while somebody waits on the line.

-- A resident's name as compared: in lower case by Unicode's rules. The engines' own LOWER differ on å, ä and ö.
ALTER TABLE residents ADD COLUMN name_folded TEXT;

-- A guide's contacts that are still to be logged: a handful out of a million.
CREATE INDEX contacts_unlogged ON contacts (guide_id, ended_at) WHERE logged_at IS NULL;

-- Answers are counted by period.
CREATE INDEX survey_responses_day ON survey_responses (answered_day);

-- All contacts are listed newest first; of those that arrived in the same instant the id decides. Without the id in the
-- index SQLite sorts a million rows for the first page.
DROP INDEX contacts_arrived;
CREATE INDEX contacts_listed ON contacts (arrived_at, id);

-- Calls under way: looked for at every start.
CREATE INDEX contacts_under_way ON contacts (arrived_at) WHERE ended_at IS NULL;

-- Invitations are counted by day.
CREATE INDEX survey_invitations_invited ON survey_invitations (invited_at);

-- Where a day's answers lie for a moment, within one transaction, while they are put in an order that tells nothing.
CREATE TABLE survey_shuffle (
    response_id UUID NOT NULL,
    questionnaire TEXT NOT NULL,
    answer_group_id UUID,
    parameter TEXT,
    score BIGINT
);
