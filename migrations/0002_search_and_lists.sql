-- What guides search and list while somebody waits on the line.

-- A resident's name as compared: in lower case by Unicode's rules. The engines' own LOWER differ on å, ä and ö.
ALTER TABLE residents ADD COLUMN name_folded TEXT;

-- A guide's contacts that are still to be logged: a handful out of a million.
CREATE INDEX contacts_unlogged ON contacts (guide_id, ended_at) WHERE logged_at IS NULL;

-- Answers are counted by period.
CREATE INDEX survey_responses_day ON survey_responses (answered_day);

-- Calls under way: looked for at every start.
CREATE INDEX contacts_under_way ON contacts (arrived_at) WHERE ended_at IS NULL;

-- Invitations are counted by day.
CREATE INDEX survey_invitations_invited ON survey_invitations (invited_at);
