-- Who looked at which complaint, by the hour. Portable, as the foundation.

CREATE TABLE views (
    complaint_id BIGINT NOT NULL REFERENCES complaints (id),
    -- The hour, counted from 1970 in UTC.
    hour BIGINT NOT NULL,
    email TEXT NOT NULL,
    -- The first look in that hour.
    at BIGINT NOT NULL,
    PRIMARY KEY (complaint_id, hour, email)
);
CREATE INDEX views_age ON views (hour);
