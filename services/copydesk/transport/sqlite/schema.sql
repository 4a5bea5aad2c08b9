-- The log. A row of `batch` holds the records of one publish to one topic, in the order of their
-- offsets; see frames.py for the encoding of `records`.

CREATE TABLE topic (
    id                INTEGER PRIMARY KEY,
    name              TEXT    NOT NULL UNIQUE,
    next              INTEGER NOT NULL DEFAULT 0, -- offset of the record that comes next
    max_message_bytes INTEGER NOT NULL,
    -- Compaction has seen everything before `compacted_to`, and left `live` records.
    compacted_to      INTEGER NOT NULL DEFAULT 0,
    live              INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE batch (
    id        INTEGER PRIMARY KEY,
    topic     INTEGER NOT NULL REFERENCES topic,
    base      INTEGER NOT NULL, -- offset of the first record, or of one that stood before it
    next      INTEGER NOT NULL, -- offset after the last record
    timestamp REAL    NOT NULL, -- when it was appended, seconds since the epoch
    bytes     INTEGER NOT NULL, -- length of `records`
    records   BLOB    NOT NULL
);

-- All that retention and lag ask, without touching the records.
CREATE UNIQUE INDEX batch_order ON batch (topic, next, base, timestamp, bytes);

CREATE TABLE position (
    topic INTEGER NOT NULL REFERENCES topic,
    name  TEXT    NOT NULL, -- of the group
    next  INTEGER NOT NULL, -- offset of the first record that is not yet committed
    PRIMARY KEY (topic, name)
) WITHOUT ROWID;
