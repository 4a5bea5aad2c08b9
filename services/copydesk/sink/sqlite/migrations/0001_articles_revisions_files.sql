-- Times are RFC 3339 text in UTC with microseconds, so that they sort. Lists are JSON text.

-- Each state that an article was ever in, written once. What is small comes first: SQLite reads a
-- row only as far as it must. The source and parser columns are those of the state's first event,
-- last_… say which event had this same text last; both by (observed_at, parser generation, revision,
-- version id), so that rows do not depend on the order in which events arrive.
CREATE TABLE revisions (
    article_id             TEXT    NOT NULL,
    revision               TEXT    NOT NULL,
    current                INTEGER NOT NULL,
    last_observed_at       TEXT    NOT NULL,
    last_parser_generation INTEGER NOT NULL,
    last_version_id        TEXT    NOT NULL,
    source_observed_at     TEXT    NOT NULL,
    parser_generation      INTEGER NOT NULL,
    source_version_id      TEXT    NOT NULL,
    source_inbox           TEXT    NOT NULL,
    source_path            TEXT    NOT NULL,
    source_bytes           INTEGER NOT NULL,
    source_sha256          TEXT    NOT NULL,
    parser_version         TEXT    NOT NULL,
    parser_repairs         TEXT    NOT NULL,
    parser_stray           TEXT    NOT NULL,
    id_rules               INTEGER NOT NULL,
    title                  TEXT    NOT NULL,
    url                    TEXT    NOT NULL,
    canonical_url          TEXT    NOT NULL,
    site                   TEXT    NOT NULL,
    published_date         TEXT    NOT NULL,
    published_at           TEXT,
    authors                TEXT    NOT NULL,
    language               TEXT    NOT NULL,
    summary                TEXT    NOT NULL,
    summary_points         TEXT    NOT NULL,
    highlights             TEXT    NOT NULL,
    content                TEXT    NOT NULL,
    word_count             INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX revisions_by_article ON revisions (article_id, revision);
-- Counts by day and site, without reading a single text; `current` stands in it because SQLite looks
-- at the column although the index has no other rows.
CREATE INDEX articles_by_date ON revisions (published_date, site, current) WHERE current;

-- The present state of each article.
CREATE VIEW articles AS
SELECT
    article_id AS id, revision, id_rules,
    title, url, canonical_url, site, published_date, published_at, authors, language,
    summary, summary_points, highlights, content, word_count,
    (SELECT min(every.source_observed_at) FROM revisions AS every
     WHERE every.article_id = present.article_id) AS first_observed_at,
    last_observed_at, last_version_id,
    (SELECT count(*) FROM revisions AS every
     WHERE every.article_id = present.article_id) AS revision_count,
    source_inbox, source_path, source_version_id, source_bytes, source_sha256, source_observed_at,
    parser_version, parser_generation, parser_repairs, parser_stray
FROM revisions AS present
WHERE current;

-- Each version of a file that was ever taken in. No outcome yet: it is in flight.
CREATE TABLE files (
    version_id  TEXT PRIMARY KEY NOT NULL,
    inbox       TEXT NOT NULL,
    path        TEXT NOT NULL,
    size        INTEGER,
    sha256      TEXT,
    closed_at   TEXT,
    observed_at TEXT,
    outcome     TEXT,
    code        TEXT,
    reason      TEXT,
    field       TEXT,
    line        INTEGER,
    article_id  TEXT,
    revision    TEXT,
    settled_at  TEXT,
    disposition TEXT,
    moved_to    TEXT,
    disposed_at TEXT
) STRICT;

-- Counts by outcome and code; and with `outcome IS NULL`, the oldest in flight.
CREATE INDEX files_by_outcome ON files (outcome, code, observed_at);
CREATE INDEX files_by_path ON files (path);
CREATE INDEX files_by_place ON files (moved_to) WHERE moved_to IS NOT NULL;
CREATE INDEX files_by_article ON files (article_id) WHERE article_id IS NOT NULL;
