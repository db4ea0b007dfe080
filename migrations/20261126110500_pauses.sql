-- Terms that wait. Portable, as the foundation.

-- Since when a term is paused; NULL while it runs, and once it is over.
ALTER TABLE deadlines ADD COLUMN paused_at BIGINT;
-- When it was paused, by what, and what each pause added, as JSON; NULL where it never was.
ALTER TABLE deadlines ADD COLUMN pauses TEXT;

-- The end of a paused term is not known.
DROP VIEW open_complaints;
CREATE VIEW open_complaints AS
SELECT c.number, c.intake_id, c.state, c.subject, c.complainant_name, c.responsible, c.received_on, c.promised_by,
    (SELECT MIN(d.due_on) FROM deadlines d WHERE d.complaint_id = c.id AND d.is_current = 1 AND d.met_at IS NULL
     AND d.cancelled_at IS NULL AND d.paused_at IS NULL) AS next_deadline
FROM complaints c
WHERE c.is_live = 1;
