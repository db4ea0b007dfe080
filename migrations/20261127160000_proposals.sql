-- What the quality manager proposes to change of the rules, and what belongs to a ruleset without deciding: its scenarios
-- and the map of the company's text. Portable, as the foundation.

CREATE TABLE companions (
    digest TEXT PRIMARY KEY,
    -- The files, as JSON: path to text.
    content TEXT NOT NULL
);

-- What belonged to the ruleset when it came in force; none where an earlier version published it.
ALTER TABLE publications ADD COLUMN companions TEXT;

CREATE TABLE proposals (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The address of who may change it.
    owner TEXT NOT NULL,
    -- open, published or withdrawn
    state TEXT NOT NULL,
    -- Counts changes of its texts and of what it starts from; every write is conditional on it.
    version BIGINT NOT NULL,
    -- What it starts from.
    ruleset TEXT NOT NULL REFERENCES rulesets (hash),
    companions TEXT NOT NULL REFERENCES companions (digest),
    begun_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX proposals_state ON proposals (state, changed_at);

-- Each file that is other than where the proposal starts from.
CREATE TABLE proposal_files (
    proposal_id BIGINT NOT NULL REFERENCES proposals (id),
    path TEXT NOT NULL,
    -- None where the file is left out.
    text TEXT,
    PRIMARY KEY (proposal_id, path)
);

-- What a trial of a proposal found last: its scenarios played, its plan.
CREATE TABLE proposal_trials (
    proposal_id BIGINT NOT NULL REFERENCES proposals (id),
    kind TEXT NOT NULL,
    -- The digest of what was tried, so that it is known whether it still is that.
    tried TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- As JSON.
    found TEXT NOT NULL,
    PRIMARY KEY (proposal_id, kind)
);
