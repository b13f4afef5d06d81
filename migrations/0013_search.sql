-- A search walks the rows of its rarest word and asks of each case whether it has the others, too: one look in this index,
-- instead of reading all its words.
DROP INDEX case_words_case;
CREATE INDEX case_words_case ON case_words (case_id, word);
