-- How often rules have fired for a complaint on the day of its last decision, as JSON; none when none has.
ALTER TABLE complaints ADD COLUMN firings TEXT;
