-- What people typed in the form of an action and have not sent. Portable, as the foundation.

CREATE TABLE drafts (
    email TEXT NOT NULL REFERENCES accounts (email),
    complaint_id BIGINT NOT NULL REFERENCES complaints (id),
    action TEXT NOT NULL,
    -- The key of the form: however often it is sent, the action is taken once.
    form TEXT NOT NULL,
    -- The version of the complaint that the person saw last.
    version BIGINT NOT NULL,
    -- The answers as they were typed, by question, JSON.
    answers TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (email, complaint_id, action)
);
CREATE INDEX drafts_of ON drafts (email, at);
CREATE INDEX drafts_age ON drafts (at);

-- A session that has ended is kept for a while: what is sent by it is kept for its person, and nothing else.
ALTER TABLE sessions ADD COLUMN ended_at BIGINT;
