-- Mailboxes that are read, duplicates as they were seen, and addresses that bounce. Portable, as the foundation.

CREATE TABLE mailboxes (
    name TEXT PRIMARY KEY,
    -- RFC 9051, 2.3.1.1: while it is the same, a UID always means the same mail.
    uid_validity BIGINT NOT NULL,
    -- Everything up to this UID has been taken in, in the same transactions.
    last_uid BIGINT NOT NULL
);

-- The same mail once more: by another mailbox, after a crash, sent twice.
CREATE TABLE mail_sightings (
    message_id TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX mail_sightings_of ON mail_sightings (message_id, body_hash);

-- Addresses of our own people to which mail does not arrive.
CREATE TABLE bounced_addresses (
    address TEXT PRIMARY KEY,
    bounces BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- The byte of the text at which the quoted history begins, which readers see folded.
ALTER TABLE mails ADD COLUMN history_at BIGINT;
