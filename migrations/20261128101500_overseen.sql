-- What is escalated and over is walked past in its own index.
-- Portable, as the foundation.

DROP INDEX complaints_escalated;
CREATE INDEX complaints_escalated ON complaints (received_on, received_at, id, state) WHERE escalation IS NOT NULL;
