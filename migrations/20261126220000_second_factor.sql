-- The second factor of signing in, and the language of the page. Portable, as the foundation.

-- The name under which the secret is derived from the key of the installation; NULL while there is no second factor.
ALTER TABLE accounts ADD COLUMN factor_name TEXT;
ALTER TABLE accounts ADD COLUMN factor_since BIGINT;
-- The last step of which a code was used: each counts once.
ALTER TABLE accounts ADD COLUMN factor_step BIGINT;
-- The language that the person chose for the page, `nl` or `en`; NULL for that of redress.toml.
ALTER TABLE accounts ADD COLUMN language TEXT;

CREATE TABLE recovery_codes (
    -- The SHA-256 of a code that lets its person in once without the second factor.
    digest TEXT PRIMARY KEY,
    email TEXT NOT NULL REFERENCES accounts (email)
);
CREATE INDEX recovery_codes_of ON recovery_codes (email);
