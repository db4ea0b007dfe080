-- Every question that is asked again and again is answered by a range of an index, in the order in which it is asked,
-- however large the register is. Portable, as the foundation.

-- What is due at one moment, and what was last evaluated under one stamp, come by their keys and need no sorting.
DROP INDEX complaints_due;
CREATE INDEX complaints_due ON complaints (wake_at, id) WHERE wake_at IS NOT NULL;
DROP INDEX complaints_stamp;
CREATE INDEX complaints_stamp ON complaints (evaluated_under, id) WHERE is_live = 1;

-- The newest of a sender who writes often.
DROP INDEX complaints_sender;
CREATE INDEX complaints_sender ON complaints (complainant_email, id);

-- What came in within a period, in the order in which it did.
DROP INDEX complaints_received;
CREATE INDEX complaints_received ON complaints (received_on, received_at, id);

-- The sweep goes over what is live; lists are of one state.
CREATE INDEX complaints_live ON complaints (id) WHERE is_live = 1;
CREATE INDEX complaints_state ON complaints (state, id);

-- Dead letters are counted, and carried by the fallback, by the plugin that gave them up.
DROP INDEX deliveries_dead;
CREATE INDEX deliveries_dead ON deliveries (plugin, finished_at) WHERE state = 'dead';
-- Deliveries are listed with the newest first.
CREATE INDEX deliveries_made ON deliveries (created_at);

-- Mails of no person, which are few among many.
CREATE INDEX mails_filed ON mails (id)
    WHERE (kind IN ('auto_reply', 'list', 'loop') OR (kind IN ('bounce', 'receipt') AND complaint_id IS NULL));
