-- Deliveries of events beside those of notifications, in order where a plugin asks for it, and what mail counts towards its
-- caps; every attempt; the health of plugins. Portable, as the foundation.

DROP INDEX deliveries_due;
DROP INDEX deliveries_of_notification;
ALTER TABLE deliveries RENAME TO deliveries_before_plugins;

CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    -- NULL for an event that nobody was notified of.
    notification_id TEXT REFERENCES notifications (id),
    complaint_id BIGINT,
    plugin TEXT NOT NULL,
    -- notification.<message> or event.<kind>
    topic TEXT NOT NULL,
    recipient TEXT NOT NULL,
    -- Rises within a complaint.
    position BIGINT NOT NULL,
    payload TEXT NOT NULL,
    -- 1 when its outcome is a fact of the complaint: letter("…").
    is_letter BIGINT NOT NULL,
    -- The address whose cap on automated mail it counts towards.
    capped_address TEXT,
    -- 1 for the first letter about a complaint, which the narrow cap lets through.
    is_first_letter BIGINT NOT NULL,
    -- 1 when incoming mail caused it: what the breaker against mail loops counts.
    is_reaction BIGINT NOT NULL,
    -- queued, accepted or dead
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    last_error TEXT
);
INSERT INTO deliveries
SELECT d.id, d.notification_id, n.complaint_id, d.plugin, 'notification.' || n.message, n.recipient,
    n.version * 10000 + n.ordinal, d.payload, d.is_letter, NULL, 0, 0, d.state, d.attempts, d.next_at, d.lease_until,
    d.created_at, d.finished_at, d.last_error
FROM deliveries_before_plugins d JOIN notifications n ON n.id = d.notification_id;
DROP TABLE deliveries_before_plugins;

CREATE INDEX deliveries_due ON deliveries (plugin, next_at, created_at, position) WHERE state = 'queued';
CREATE INDEX deliveries_in_order ON deliveries (plugin, complaint_id, position) WHERE state = 'queued';
CREATE INDEX deliveries_of_notification ON deliveries (notification_id);
CREATE INDEX deliveries_capped ON deliveries (capped_address, finished_at) WHERE capped_address IS NOT NULL;
CREATE INDEX deliveries_reactions ON deliveries (finished_at) WHERE is_reaction = 1;
CREATE INDEX deliveries_dead ON deliveries (finished_at) WHERE state = 'dead';

CREATE TABLE delivery_attempts (
    delivery_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- Duration in milliseconds.
    millis BIGINT NOT NULL,
    -- accepted, failed, refused or held
    outcome TEXT NOT NULL,
    -- What the target answered or why there was no answer; never a secret.
    detail TEXT NOT NULL
);
CREATE INDEX delivery_attempts_of ON delivery_attempts (delivery_id, at);

-- How the targets of plugins fare; a plugin without trouble has no row.
CREATE TABLE plugin_health (
    plugin TEXT PRIMARY KEY,
    -- Failures in a row.
    failures BIGINT NOT NULL,
    failing_since BIGINT,
    -- No attempts before this: the breaker is open, or the target asked for a pause.
    paused_until BIGINT NOT NULL,
    -- When its owner was told that it fails.
    told_at BIGINT,
    disabled_at BIGINT,
    last_error TEXT NOT NULL
);
