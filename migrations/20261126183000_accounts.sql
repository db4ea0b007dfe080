-- Who signs in to the page, and where they are signed in. Portable, as the foundation. Who there is and which roles they
-- have stands in redress.toml; here stands only what signing in takes.

CREATE TABLE accounts (
    -- The address by which redress.toml names the person, in lower case.
    email TEXT PRIMARY KEY,
    -- The argon2id hash with its salt and cost; NULL until the person has chosen a password.
    password TEXT,
    is_locked BIGINT NOT NULL,
    -- Failed attempts in a row, and the last of them.
    failures BIGINT NOT NULL,
    failed_at BIGINT,
    -- The SHA-256 of the latest one-time link, and its end; NULL when there is none that was not used.
    link TEXT,
    link_ends_at BIGINT,
    changed_at BIGINT NOT NULL
);
CREATE INDEX accounts_link ON accounts (link) WHERE link IS NOT NULL;

CREATE TABLE sessions (
    -- The SHA-256 of the token that the browser has.
    digest TEXT PRIMARY KEY,
    email TEXT NOT NULL REFERENCES accounts (email),
    began_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    -- The browser as it calls itself, shortened.
    browser TEXT NOT NULL
);
CREATE INDEX sessions_of ON sessions (email, began_at);
CREATE INDEX sessions_age ON sessions (began_at);
