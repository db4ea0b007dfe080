-- What is escalated and over is walked past in its own index, and who has how many open complaints is counted from an index alone.
-- Portable, as the foundation.

DROP INDEX complaints_escalated;
CREATE INDEX complaints_escalated ON complaints (received_on, received_at, id, state) WHERE escalation IS NOT NULL;
DROP INDEX complaints_in_state;
CREATE INDEX complaints_in_state ON complaints (state, received_on, received_at, id, responsible, late_from);
