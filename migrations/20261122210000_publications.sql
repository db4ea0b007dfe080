-- Every time a ruleset came in force: who, when, why, and the plan that was approved (a restore is another one).

CREATE TABLE publications (
    seq BIGINT PRIMARY KEY,
    ruleset TEXT NOT NULL REFERENCES rulesets (hash),
    at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- The plan as JSON; empty for the first start.
    plan TEXT NOT NULL,
    -- 1 when rules that held at that moment were taken for fired.
    adopts BIGINT NOT NULL
);

-- Plans that somebody has approved, for the four-eyes option.
CREATE TABLE approvals (
    digest TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (digest, approved_by)
);
