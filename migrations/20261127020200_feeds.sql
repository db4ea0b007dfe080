-- The calendar of one's own terms, for a calendar program that signs in nowhere. Portable, as the foundation.

CREATE TABLE feeds (
    email TEXT PRIMARY KEY,
    -- The SHA-256 of the secret in its address.
    digest TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX feeds_digest ON feeds (digest);
