-- Complaints whose texts and names are taken away, because they came to a state that forgets, or came to it before. Portable,
-- as the foundation.

CREATE TABLE forgettings (
    complaint_id BIGINT PRIMARY KEY REFERENCES complaints (id),
    -- The decision by which it came to that state.
    decided_at BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    -- Why before its retention had passed, in words without names; NULL where it had.
    reason TEXT,
    -- What is done next: outgoing, files, mails, letters, facts, search, trail, remains, or gone.
    step TEXT NOT NULL,
    -- NULL until everything is gone.
    done_at BIGINT
);
CREATE INDEX forgettings_open ON forgettings (complaint_id) WHERE done_at IS NULL;

-- The later event that vouches for what was taken out of this one. NULL where nothing was.
ALTER TABLE events ADD COLUMN forgotten_by BIGINT;
CREATE INDEX events_forgotten ON events (seq) WHERE forgotten_by IS NOT NULL;

-- The complaint of which a notification tells that belongs to none: a rule failed for it.
ALTER TABLE notifications ADD COLUMN tells_of BIGINT;
CREATE INDEX notifications_telling ON notifications (tells_of) WHERE tells_of IS NOT NULL;

CREATE INDEX deliveries_of_complaint ON deliveries (complaint_id) WHERE complaint_id IS NOT NULL;
CREATE INDEX conversations_of ON conversations (complaint_id);
CREATE INDEX drafts_of_complaint ON drafts (complaint_id);
