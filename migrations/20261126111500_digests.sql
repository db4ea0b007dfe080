-- Notifications to our own people that go as lines of digests, and the digests that carried them. Portable, as the
-- foundation.

-- 1 for a notification that goes by mail as a line of a digest; NULL in rows from before digests.
ALTER TABLE notifications ADD COLUMN is_gathered BIGINT;

CREATE TABLE gathered (
    notification_id TEXT PRIMARY KEY REFERENCES notifications (id),
    -- The moment of the digest that is to carry it.
    due_at BIGINT NOT NULL,
    -- The part of the digest in which it stands; NULL for the last.
    part TEXT,
    -- The line in words, as it was when it was decided.
    line TEXT NOT NULL,
    -- What the script handed along, as JSON, so that the line can be written anew.
    data TEXT NOT NULL,
    -- The firing that it stands on, as JSON: when that holds no more, the line is left out. NULL when it stands by itself.
    stands_on TEXT,
    -- waiting, carried or left_out
    state TEXT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX gathered_waiting ON gathered (due_at) WHERE state = 'waiting';

-- What each digest carried. A digest is a notification to one person that belongs to no complaint.
CREATE TABLE digest_lines (
    digest_id TEXT NOT NULL REFERENCES notifications (id),
    notification_id TEXT NOT NULL REFERENCES notifications (id),
    -- Its place in the digest, from 1; notifications that said the same share one.
    position BIGINT NOT NULL,
    -- The line as it was sent.
    line TEXT NOT NULL,
    PRIMARY KEY (digest_id, notification_id)
);
CREATE INDEX digest_lines_of ON digest_lines (notification_id);
