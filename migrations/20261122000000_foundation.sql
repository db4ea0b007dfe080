-- Portable between SQLite and PostgreSQL: TEXT, BIGINT, BYTEA; times are UTC epoch milliseconds, days are
-- local dates as text, flags are 0 or 1, documents are JSON in TEXT. Never edited once landed.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Gap-free numbering needs rows, not sequences: a rolled-back transaction takes its number back.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE rulesets (
    hash TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- Rules that only changed their name: old name to new, as JSON.
    renames TEXT NOT NULL
);

CREATE TABLE complaints (
    id BIGINT PRIMARY KEY,
    intake_id TEXT NOT NULL UNIQUE,
    number TEXT UNIQUE,
    -- Counts decisions; every write is conditional on it.
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    is_live BIGINT NOT NULL,
    subject TEXT NOT NULL,
    complainant_name TEXT NOT NULL,
    complainant_email TEXT NOT NULL,
    responsible TEXT,
    received_at BIGINT NOT NULL,
    received_on TEXT NOT NULL,
    promised_by TEXT,
    decided_on TEXT,
    solution TEXT,
    agreement TEXT,
    description TEXT,
    -- The exact instant at which a rule can next have something to do; NULL when never.
    wake_at BIGINT,
    -- Ruleset and settings under which it was last evaluated.
    evaluated_under TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    facts TEXT NOT NULL,
    latches TEXT NOT NULL,
    suspensions TEXT NOT NULL,
    faults TEXT NOT NULL
);
CREATE INDEX complaints_due ON complaints (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX complaints_stamp ON complaints (evaluated_under) WHERE is_live = 1;
CREATE INDEX complaints_sender ON complaints (complainant_email);
CREATE INDEX complaints_faulty ON complaints (id) WHERE faults <> '[]';

CREATE TABLE deadlines (
    complaint_id BIGINT NOT NULL REFERENCES complaints (id),
    name TEXT NOT NULL,
    instance BIGINT NOT NULL,
    is_current BIGINT NOT NULL,
    owner TEXT NOT NULL,
    base BIGINT,
    span TEXT,
    raw_end BIGINT NOT NULL,
    due BIGINT NOT NULL,
    due_on TEXT NOT NULL,
    alarm_at BIGINT NOT NULL,
    rolled_because TEXT,
    armed_at BIGINT NOT NULL,
    armed_by TEXT NOT NULL,
    met_at BIGINT,
    cancelled_at BIGINT,
    replaced_at BIGINT,
    breached_at BIGINT,
    PRIMARY KEY (complaint_id, name, instance)
);

-- Append-only and hash-chained; personal facts enter the hash as a salted digest.
CREATE TABLE events (
    seq BIGINT PRIMARY KEY,
    complaint_id BIGINT,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    on_day TEXT NOT NULL,
    kind TEXT NOT NULL,
    caused_by TEXT NOT NULL,
    via TEXT NOT NULL,
    rule TEXT,
    ruleset TEXT NOT NULL,
    summary TEXT NOT NULL,
    data TEXT NOT NULL,
    personal TEXT,
    salt TEXT,
    personal_digest TEXT,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX events_of_complaint ON events (complaint_id, seq);

CREATE TABLE mails (
    id BIGINT PRIMARY KEY,
    complaint_id BIGINT REFERENCES complaints (id),
    received_at BIGINT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    message_id TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    attachments TEXT NOT NULL,
    remarks TEXT NOT NULL,
    raw BYTEA NOT NULL,
    UNIQUE (message_id, body_hash)
);
CREATE INDEX mails_of_complaint ON mails (complaint_id, id);

-- Every message id that belongs to a complaint, received or sent: what replies refer to.
CREATE TABLE threads (
    message_id TEXT PRIMARY KEY,
    complaint_id BIGINT NOT NULL REFERENCES complaints (id)
);

-- What happened to a complaint and is not yet decided upon: a mail, the outcome of a delivery.
CREATE TABLE triggers (
    id TEXT PRIMARY KEY,
    complaint_id BIGINT NOT NULL REFERENCES complaints (id),
    at BIGINT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX triggers_of_complaint ON triggers (complaint_id, at);

CREATE TABLE links (
    complaint_id BIGINT NOT NULL REFERENCES complaints (id),
    other_id BIGINT NOT NULL REFERENCES complaints (id),
    kind TEXT NOT NULL,
    PRIMARY KEY (complaint_id, other_id)
);
CREATE INDEX links_to ON links (other_id);

CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    complaint_id BIGINT,
    version BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    at BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    addresses TEXT NOT NULL,
    message TEXT NOT NULL,
    language TEXT NOT NULL,
    rule TEXT,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    is_deliverable BIGINT NOT NULL
);
CREATE INDEX notifications_of_complaint ON notifications (complaint_id, at);
CREATE INDEX notifications_stuck ON notifications (at) WHERE is_deliverable = 0;

CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    notification_id TEXT NOT NULL REFERENCES notifications (id),
    plugin TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- 1 when its outcome is a fact of the complaint: letter("…").
    is_letter BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    last_error TEXT
);
CREATE INDEX deliveries_due ON deliveries (plugin, next_at) WHERE state = 'queued';
CREATE INDEX deliveries_of_notification ON deliveries (notification_id);

CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    -- The nominal time of the last run; runs before the first publication never happen.
    last_nominal BIGINT NOT NULL
);

-- A fault is told once per rule and ruleset.
CREATE TABLE told_faults (
    rule TEXT NOT NULL,
    ruleset TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    PRIMARY KEY (rule, ruleset)
);

-- The register of the procedure: its six columns first (procedure row 25).
CREATE VIEW register AS
SELECT
    COALESCE(description, subject) AS description,
    complainant_name AS complainant,
    responsible,
    solution,
    agreement,
    received_on AS date,
    number,
    intake_id,
    state,
    promised_by,
    decided_on
FROM complaints
WHERE number IS NOT NULL;

CREATE VIEW open_complaints AS
SELECT c.number, c.intake_id, c.state, c.subject, c.complainant_name, c.responsible, c.received_on, c.promised_by,
    (SELECT MIN(d.due_on) FROM deadlines d
     WHERE d.complaint_id = c.id AND d.is_current = 1 AND d.met_at IS NULL AND d.cancelled_at IS NULL) AS next_deadline
FROM complaints c
WHERE c.is_live = 1;
