-- The keys by which programs use the interface, each in the name of a person. Portable, as the foundation.

CREATE TABLE api_tokens (
    -- By which people name it; nothing can be done with it.
    id TEXT PRIMARY KEY,
    -- The SHA-256 of the key.
    digest TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What it is good for, a word each, with blanks between them.
    scopes TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT,
    ended_at BIGINT
);
CREATE UNIQUE INDEX api_tokens_digest ON api_tokens (digest);
CREATE INDEX api_tokens_of ON api_tokens (email, made_at);
