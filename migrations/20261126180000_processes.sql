-- The processes that share a database: which live, and what each goes by. Portable, as the foundation.
CREATE TABLE processes (
    id TEXT NOT NULL PRIMARY KEY,
    -- The computer and the data folder, for people.
    place TEXT NOT NULL,
    -- Digests of what all must have alike: the settings that decisions depend on, and the plugins.
    settings TEXT NOT NULL,
    plugins TEXT NOT NULL,
    -- The end of its lease, by the clock of the database; after it others do its work.
    lease_until BIGINT NOT NULL
);
