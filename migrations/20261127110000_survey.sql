-- How satisfied complainants are with the handling: what reports count of it, beside the facts of each complaint. Portable,
-- as the foundation.

-- The local day on which the first letter with the question went. NULL where none did.
ALTER TABLE complaints ADD COLUMN survey_sent_on TEXT;
-- The step of the latest answer, 1 to 5.
ALTER TABLE complaints ADD COLUMN survey_step BIGINT;

CREATE INDEX complaints_surveyed ON complaints (survey_sent_on, survey_step) WHERE survey_sent_on IS NOT NULL;
