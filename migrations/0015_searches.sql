-- What is searched and missed. A search is masked before it comes here and tied to nobody: its id is random, its instant a
-- whole hour, and nothing says who searched or from where.
CREATE TABLE searches (
    id UUID PRIMARY KEY,
    place TEXT NOT NULL, -- guide, public
    query TEXT NOT NULL, -- masked
    form TEXT NOT NULL, -- the stems that tell what is asked, in order of the alphabet
    searched_at BIGINT NOT NULL, -- the beginning of the hour
    hits BIGINT NOT NULL,
    weak BOOLEAN NOT NULL, -- what was found speaks of next to nothing of what was asked: as good as no hit
    first_article_id UUID, -- what was shown first; articles come and go, so none of these three refers to a row
    clicked_article_id UUID,
    contacted BOOLEAN NOT NULL, -- whoever searched asked a person all the same
    contact_case_type_id UUID
);
CREATE INDEX searches_at ON searches (searched_at, place);
CREATE INDEX searches_form ON searches (form, searched_at);

-- What is kept of searches when their rows are weeded out: how many there were, week by week. What was asked by few is
-- counted together under the empty form.
CREATE TABLE search_counts (
    week_day TEXT NOT NULL, -- the Monday
    place TEXT NOT NULL,
    form TEXT NOT NULL,
    searches BIGINT NOT NULL,
    no_hit BIGINT NOT NULL,
    no_click BIGINT NOT NULL,
    contacted BIGINT NOT NULL,
    PRIMARY KEY (week_day, place, form)
);

-- A gap that somebody has done something about. The id comes from the form, so that the same gap is the same row.
CREATE TABLE search_gaps (
    id UUID PRIMARY KEY,
    form TEXT NOT NULL UNIQUE,
    question TEXT NOT NULL, -- how it is asked most often, masked
    kind TEXT NOT NULL, -- no_hit, no_click, contact: what it was when it was first acted upon
    case_type_id UUID REFERENCES case_types (id), -- what a contact about it becomes
    known_at BIGINT NOT NULL,
    dismissed_at BIGINT,
    dismissed_misses BIGINT NOT NULL -- how many misses there were then
);

CREATE TABLE search_gap_actions (
    gap_id UUID NOT NULL REFERENCES search_gaps (id),
    kind TEXT NOT NULL, -- task, article, synonym
    subject_id UUID NOT NULL, -- the task, the article, the synonym
    taken_at BIGINT NOT NULL,
    taken_by UUID REFERENCES users (id),
    PRIMARY KEY (gap_id, kind, subject_id)
);
CREATE INDEX search_gap_actions_subject ON search_gap_actions (subject_id);

-- Words that mean the same in a search. With `means`, whoever asks for one of `words` also finds what says one of `means`,
-- but not the other way round. One word or phrase a line.
CREATE TABLE synonyms (
    id UUID PRIMARY KEY,
    words TEXT NOT NULL,
    means TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by UUID REFERENCES users (id)
);
