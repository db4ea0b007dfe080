-- What was answered to a program under its Idempotency-Key, so that the same that is sent again is done once, also after a crash
-- and by another process. Kept for a day. Portable, as the foundation.

CREATE TABLE kept_answers (
    -- The digest of the program's key and its Idempotency-Key.
    key TEXT PRIMARY KEY,
    -- The digest of what was sent.
    sent TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    -- The answer; none while it is being done, and where that broke off.
    status BIGINT,
    headers TEXT,
    body TEXT
);
CREATE INDEX kept_answers_begun ON kept_answers (begun_at);
