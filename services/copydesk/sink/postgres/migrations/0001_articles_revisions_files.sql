-- The tables, columns and meaning of the storage in SQLite, in this database's own types: times are
-- timestamptz, lists and counts by name jsonb. Revisions and digests are hexadecimal text.

-- Each state that an article was ever in, written once. The source and parser columns are those of
-- the state's first event, last_… say which event had this same text last; both by (observed_at,
-- parser generation, revision, version id), so that rows do not depend on the order in which events
-- arrive.
CREATE TABLE revisions (
    article_id             uuid        NOT NULL,
    revision               text        COLLATE "C" NOT NULL,
    current                boolean     NOT NULL,
    last_observed_at       timestamptz NOT NULL,
    last_parser_generation bigint      NOT NULL,
    last_version_id        uuid        NOT NULL,
    source_observed_at     timestamptz NOT NULL,
    parser_generation      bigint      NOT NULL,
    source_version_id      uuid        NOT NULL,
    source_inbox           text        NOT NULL,
    source_path            text        NOT NULL,
    source_bytes           bigint      NOT NULL,
    source_sha256          text        NOT NULL,
    parser_version         text        NOT NULL,
    parser_repairs         jsonb       NOT NULL,
    parser_stray           text        NOT NULL,
    id_rules               integer     NOT NULL,
    title                  text        NOT NULL,
    url                    text        NOT NULL,
    canonical_url          text        NOT NULL,
    site                   text        NOT NULL,
    published_date         date        NOT NULL,
    published_at           timestamptz,
    authors                jsonb       NOT NULL,
    language               text        NOT NULL,
    summary                text        NOT NULL,
    summary_points         jsonb       NOT NULL,
    highlights             jsonb       NOT NULL,
    content                jsonb       NOT NULL,
    word_count             bigint      NOT NULL,
    PRIMARY KEY (article_id, revision)
);

-- Lists by day and site.
CREATE INDEX articles_by_date ON revisions (published_date, site) WHERE current;

-- lz4 takes a fraction of pglz's time, in the same space; not every server was built with it.
DO $$
DECLARE
    named text;
BEGIN
    IF EXISTS (
        SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
    ) THEN
        FOREACH named IN ARRAY ARRAY[
            'parser_repairs', 'parser_stray', 'title', 'url', 'canonical_url',
            'authors', 'summary', 'summary_points', 'highlights', 'content'
        ] LOOP
            EXECUTE format('ALTER TABLE revisions ALTER COLUMN %I SET COMPRESSION lz4', named);
        END LOOP;
    END IF;
END
$$;

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
    version_id  uuid PRIMARY KEY,
    inbox       text NOT NULL,
    path        text NOT NULL,
    size        bigint,
    sha256      text,
    closed_at   timestamptz,
    observed_at timestamptz,
    outcome     text,
    code        text,
    reason      text,
    field       text,
    line        bigint,
    article_id  uuid,
    revision    text COLLATE "C",
    settled_at  timestamptz,
    disposition text,
    moved_to    text,
    disposed_at timestamptz
);

-- Counts by outcome and code; and the oldest in flight.
CREATE INDEX files_by_outcome ON files (outcome, code);
CREATE INDEX files_in_flight ON files (observed_at) WHERE outcome IS NULL;
CREATE INDEX files_by_path ON files (path);
CREATE INDEX files_by_place ON files (moved_to) WHERE moved_to IS NOT NULL;
CREATE INDEX files_by_article ON files (article_id) WHERE article_id IS NOT NULL;
