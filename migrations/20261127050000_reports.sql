-- What reports count of each complaint, beside its facts, so that a year is counted without reading them; and the reports that
-- were made. Portable, as the foundation.

-- The states it has been in, the present one first, then the newest first, as JSON: lists of those entered at one moment. NULL in
-- rows from before, until the program has written it.
ALTER TABLE complaints ADD COLUMN course TEXT;
-- The local day that was first promised.
ALTER TABLE complaints ADD COLUMN promised_first TEXT;
-- The days from receipt to decision.
ALTER TABLE complaints ADD COLUMN decision_days BIGINT;
ALTER TABLE complaints ADD COLUMN verdict TEXT;
ALTER TABLE complaints ADD COLUMN ground TEXT;
ALTER TABLE complaints ADD COLUMN cause_kind TEXT;
ALTER TABLE complaints ADD COLUMN channel TEXT;
ALTER TABLE complaints ADD COLUMN escalation TEXT;
-- The flags that are set, as a JSON list in the order of their names.
ALTER TABLE complaints ADD COLUMN flags TEXT;
-- How many measures are in which state, as a JSON object.
ALTER TABLE complaints ADD COLUMN measures TEXT;
-- The own fields that are a choice, as a JSON object.
ALTER TABLE complaints ADD COLUMN own TEXT;

-- All that a report reads.
CREATE INDEX complaints_counted ON complaints (received_on, course, number, decided_on, promised_first, decision_days,
    verdict, agreement, ground, cause_kind, channel, escalation, flags, measures, own);
CREATE INDEX complaints_uncounted ON complaints (id) WHERE course IS NULL;

-- Reports as they were made: asked again as of that day, they are the same bytes.
CREATE TABLE made_reports (
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    -- The local day on which it was made.
    made_on TEXT NOT NULL,
    language TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- The figures as JSON, and the page as who may see complaints reads it and as everybody else does.
    document TEXT NOT NULL,
    page TEXT NOT NULL,
    open_page TEXT NOT NULL,
    -- The SHA-256 of the three, in hex.
    document_digest TEXT NOT NULL,
    page_digest TEXT NOT NULL,
    open_page_digest TEXT NOT NULL,
    PRIMARY KEY (from_on, to_on, made_on, language)
);
