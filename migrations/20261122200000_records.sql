-- What the director records about the procedure as a whole: conclusions on reports, recommendations
-- (procedure rows 36 to 38). Portable, as the foundation.

CREATE TABLE reports (
    -- The period the report is about, both days included.
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    conclusions TEXT NOT NULL,
    -- The counts as they stood when it was concluded, as JSON.
    counts TEXT NOT NULL,
    concluded_by TEXT NOT NULL,
    concluded_at BIGINT NOT NULL,
    PRIMARY KEY (from_on, to_on)
);

CREATE TABLE recommendations (
    id BIGINT PRIMARY KEY,
    made_on TEXT NOT NULL,
    made_by TEXT NOT NULL,
    content TEXT NOT NULL,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    -- What became of it so far.
    note TEXT NOT NULL,
    -- The day on which it is looked at again, as text.
    follow_up_on TEXT NOT NULL,
    -- Numbers of the complaints it follows from, as JSON.
    complaints TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
