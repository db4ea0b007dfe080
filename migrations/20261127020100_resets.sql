-- Forgotten passwords. What was asked for waits here until it is looked at, the same for every address that is typed: whether there
-- is such a person shows in nothing. Portable, as the foundation.

CREATE TABLE reset_requests (
    -- The address as it was typed, in lower case.
    address TEXT PRIMARY KEY,
    -- Drawn for this request. The one-time link is made of it and the key of the installation, when the mail goes.
    id TEXT NOT NULL,
    asked_at BIGINT NOT NULL
);

-- The mails with a link since a password was last chosen, and the last of them.
ALTER TABLE accounts ADD COLUMN resets BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN reset_at BIGINT;
