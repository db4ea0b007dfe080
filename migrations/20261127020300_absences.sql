-- Absences and deputies that people enter themselves, beside those of redress.toml. Portable, as the foundation.

CREATE TABLE absences (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    -- The first and the last local day away.
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL
);
CREATE INDEX absences_until ON absences (to_day);

CREATE TABLE deputies (
    email TEXT PRIMARY KEY,
    deputy TEXT NOT NULL,
    chosen_by TEXT NOT NULL,
    chosen_at BIGINT NOT NULL
);

-- The moment at which somebody last signed in, for who looks after accounts.
ALTER TABLE accounts ADD COLUMN signed_in_at BIGINT;
