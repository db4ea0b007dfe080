-- What waits for somebody is found by whose it is, and what is late by the register's own order. Portable, as the
-- foundation.

-- Who is responsible for the complaint, as there; empty for nobody. Kept current while the term runs.
ALTER TABLE deadlines ADD COLUMN responsible TEXT NOT NULL DEFAULT '';
UPDATE deadlines SET responsible = COALESCE((SELECT c.responsible FROM complaints c WHERE c.id = deadlines.complaint_id), '')
WHERE is_current = 1 AND met_at IS NULL AND cancelled_at IS NULL;

CREATE INDEX deadlines_of_role ON deadlines (owner, due, complaint_id, name)
    WHERE is_current = 1 AND met_at IS NULL AND cancelled_at IS NULL AND paused_at IS NULL;
CREATE INDEX deadlines_of_responsible ON deadlines (responsible, due, complaint_id, name, owner)
    WHERE is_current = 1 AND met_at IS NULL AND cancelled_at IS NULL AND paused_at IS NULL;

-- The soonest end of the running terms that bind the organisation. NULL where none runs; in rows from before, until the program
-- has written it with the rest of what it reckons of them.
ALTER TABLE complaints ADD COLUMN late_from BIGINT;
UPDATE complaints SET course = NULL WHERE is_live = 1;

-- Who oversees sees what is escalated.
CREATE INDEX complaints_escalated ON complaints (received_on, received_at, id) WHERE escalation IS NOT NULL;

CREATE INDEX complaints_late ON complaints (received_on, received_at, id, late_from) WHERE late_from IS NOT NULL;
CREATE INDEX complaints_late_numbered ON complaints (number, late_from) WHERE late_from IS NOT NULL;
