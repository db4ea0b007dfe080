-- What a report counts of the terms that ended: those that were breached are no longer met, and those that stand still are left
-- out, so that the index covers both. Portable, as the foundation.

DROP INDEX deadlines_ended;
CREATE INDEX deadlines_ended ON deadlines (due_on, name, due, met_at, cancelled_at, replaced_at, breached_at, paused_at);
