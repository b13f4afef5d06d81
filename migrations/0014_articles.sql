-- Articles with versions. An article is its name and where it stands; what it says lies in its versions, which are never
-- changed. `version` is the newest, `live_version` the one that is read; they differ while a published text is being
-- rewritten. An article that was kept before this becomes its own first version, published: nothing may stop being found
-- because the program is renewed. It lacks owner and review day, which is shown wherever it is read until somebody adds them.
ALTER TABLE articles RENAME TO articles_before;

CREATE TABLE articles (
    id UUID PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL, -- of the newest version: draft, reviewed, published, archived
    version BIGINT NOT NULL,
    live_version BIGINT,
    review_wanted BOOLEAN NOT NULL, -- the newest version waits for somebody to review it
    changed_at BIGINT NOT NULL
);

CREATE TABLE article_versions (
    article_id UUID NOT NULL REFERENCES articles (id),
    number BIGINT NOT NULL, -- counted from 1
    internal_title TEXT, -- the three together or none: what guides read
    internal_answer TEXT,
    internal_body TEXT,
    public_title TEXT, -- the three together or none: what residents read
    public_answer TEXT,
    public_body TEXT,
    keywords TEXT NOT NULL,
    approach TEXT NOT NULL, -- how to think in this type of call
    department_id UUID REFERENCES departments (id),
    assignment_id UUID,
    owner_id UUID REFERENCES users (id),
    review_day TEXT,
    valid_from_day TEXT, -- the first day it is read
    valid_to_day TEXT, -- the last day it is read
    links TEXT NOT NULL, -- JSON
    note TEXT NOT NULL, -- what was changed, in the writer's words
    restored_from BIGINT, -- the version it is a copy of
    written_at BIGINT NOT NULL,
    written_by UUID REFERENCES users (id), -- none: put in by the house
    reviewed_at BIGINT,
    reviewed_by UUID REFERENCES users (id),
    published_at BIGINT,
    published_by UUID REFERENCES users (id),
    PRIMARY KEY (article_id, number)
);

-- The case types a contact about it becomes, the usual one first.
CREATE TABLE article_version_types (
    article_id UUID NOT NULL REFERENCES articles (id),
    number BIGINT NOT NULL,
    place BIGINT NOT NULL,
    case_type_id UUID NOT NULL REFERENCES case_types (id),
    PRIMARY KEY (article_id, number, place)
);

INSERT INTO articles (id, slug, state, version, live_version, review_wanted, changed_at)
    SELECT id, slug, 'published', 1, 1, FALSE, changed_at FROM articles_before;
INSERT INTO article_versions
    (article_id, number, internal_title, internal_answer, internal_body, keywords, approach, department_id, links, note,
     written_at, published_at)
    SELECT id, 1, title, answer, body, keywords, '', department_id, '[]', '', changed_at, changed_at FROM articles_before;
INSERT INTO article_version_types (article_id, number, place, case_type_id)
    SELECT id, 1, 0, case_type_id FROM articles_before WHERE case_type_id IS NOT NULL;
DROP TABLE articles_before;

-- Files that go with an article, and in which of its versions they do.
CREATE TABLE article_files (
    id UUID PRIMARY KEY,
    article_id UUID NOT NULL REFERENCES articles (id),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 BYTEA NOT NULL REFERENCES blobs (sha256),
    size_bytes BIGINT NOT NULL,
    added_by UUID REFERENCES users (id),
    added_at BIGINT NOT NULL
);
CREATE INDEX article_files_article ON article_files (article_id, added_at, id);
CREATE INDEX article_files_blob ON article_files (sha256);

CREATE TABLE article_version_files (
    article_id UUID NOT NULL REFERENCES articles (id),
    number BIGINT NOT NULL,
    place BIGINT NOT NULL,
    file_id UUID NOT NULL REFERENCES article_files (id),
    public BOOLEAN NOT NULL, -- whether residents may read it
    PRIMARY KEY (article_id, number, place)
);

-- What colleagues say to each other about a text.
CREATE TABLE article_comments (
    id UUID PRIMARY KEY,
    article_id UUID NOT NULL REFERENCES articles (id),
    number BIGINT NOT NULL, -- the version they had before them
    author_id UUID REFERENCES users (id),
    text TEXT NOT NULL,
    written_at BIGINT NOT NULL
);
CREATE INDEX article_comments_article ON article_comments (article_id, written_at, id);

-- What somebody in the contact centre has to do about what is known.
CREATE TABLE knowledge_tasks (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL, -- feedback, gap, review, question
    article_id UUID REFERENCES articles (id),
    gap_id UUID, -- what was searched and not found
    owner_id UUID REFERENCES users (id), -- none: anybody who reviews articles
    note TEXT NOT NULL,
    due_day TEXT,
    made_at BIGINT NOT NULL,
    made_by UUID REFERENCES users (id),
    task_key TEXT UNIQUE, -- tasks with the same key are one task
    done_at BIGINT,
    done_by UUID REFERENCES users (id)
);
CREATE INDEX knowledge_tasks_open ON knowledge_tasks (owner_id, made_at) WHERE done_at IS NULL;
CREATE INDEX knowledge_tasks_article ON knowledge_tasks (article_id) WHERE article_id IS NOT NULL;

-- What readers thought of an article. A colleague has one say about each version; residents are not known, and have many.
CREATE TABLE article_feedback (
    id UUID PRIMARY KEY,
    article_id UUID NOT NULL REFERENCES articles (id),
    number BIGINT NOT NULL,
    verdict TEXT NOT NULL, -- helpful, not_helpful, wrong
    note TEXT NOT NULL,
    given_by UUID REFERENCES users (id), -- none: a resident, on the public pages
    given_at BIGINT NOT NULL,
    task_id UUID REFERENCES knowledge_tasks (id) -- what came of the note
);
CREATE INDEX article_feedback_article ON article_feedback (article_id, number, given_at);
CREATE UNIQUE INDEX article_feedback_once ON article_feedback (article_id, number, given_by) WHERE given_by IS NOT NULL;
