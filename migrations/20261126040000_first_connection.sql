-- Where the reading of a mailbox began: what was there before is left to people.

ALTER TABLE mailboxes ADD COLUMN since_at BIGINT;
ALTER TABLE mailboxes ADD COLUMN since_uid BIGINT NOT NULL DEFAULT 0;
