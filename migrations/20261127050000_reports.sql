-- What reports count of each complaint, beside its facts, so that a year is counted without reading
-- them. Portable, as the foundation.

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
