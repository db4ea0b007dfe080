-- Reports as they were made: what stands in them and the page of it, byte for byte, so that a report that was sent or concluded
-- can be had again. Portable, as the foundation.

CREATE TABLE kept_reports (
    -- The period the report is about, both days included.
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- The local day as of which it counts.
    made_on TEXT NOT NULL,
    -- 1 where small numbers are left out, for who may not see complaints.
    is_open BIGINT NOT NULL,
    -- 1 where the conclusions were recorded with it.
    is_concluded BIGINT NOT NULL,
    -- Its figures and tables, as JSON.
    content TEXT NOT NULL,
    -- The same as a page that needs no other file.
    page TEXT NOT NULL,
    -- The SHA-256 of the page, in hexadecimal; it stands in the trail.
    sha256 TEXT NOT NULL,
    PRIMARY KEY (from_on, to_on, made_at, is_open)
);
CREATE INDEX kept_reports_made ON kept_reports (made_at);

-- Reports count the terms that ended within their period.
CREATE INDEX deadlines_ended ON deadlines (due_on, name, due, met_at, cancelled_at, replaced_at);
