-- What the watchdog has found and is not over. Portable, as the foundation.

CREATE TABLE alarms (
    kind TEXT NOT NULL,
    -- What it is about, such as the name of a plugin; empty where there is only one.
    subject TEXT NOT NULL,
    -- The process that sees it, where others cannot; empty where everybody can.
    observer TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- When it was last seen.
    seen_at BIGINT NOT NULL,
    -- NULL until somebody was told.
    told_at BIGINT,
    -- What it is and what to do, in words.
    said TEXT NOT NULL,
    remedy TEXT NOT NULL,
    PRIMARY KEY (kind, subject, observer)
);

-- The watchdog asks every minute which terms have passed.
CREATE INDEX deadlines_armed ON deadlines (due) WHERE is_current = 1 AND met_at IS NULL AND cancelled_at IS NULL;
