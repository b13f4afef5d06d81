-- Every line of a list asks for the first due day among its case's waiting questions. Without state and day in the
-- index SQLite walks all waiting questions for each line.
DROP INDEX follow_ups_case;
CREATE INDEX follow_ups_case ON follow_ups (case_id, state, due_day, id);
