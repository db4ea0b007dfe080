-- Which complaints share a value: a row for each field of a complaint by which complaints are grouped. Portable, as the
-- foundation.

CREATE TABLE group_keys (
    complaint_id BIGINT NOT NULL REFERENCES complaints (id),
    -- The field: about, cause, incident, organisation, sender, or extra.… for an own field.
    field TEXT NOT NULL,
    -- A digest of field and value, so that no address or name stands here once more.
    digest TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (complaint_id, field)
);

-- The newest of a group, without looking at any other complaint.
CREATE INDEX group_keys_newest ON group_keys (digest, received_at, complaint_id);

-- Schedules ask what was received in a period.
CREATE INDEX complaints_received ON complaints (received_on);
