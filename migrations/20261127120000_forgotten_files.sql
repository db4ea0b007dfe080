-- Files of complaints that are forgotten, until they are deleted: letters in the outbox, and mails in a Maildir. Portable, as the
-- foundation.

CREATE TABLE forgotten_files (
    complaint_id BIGINT NOT NULL REFERENCES complaints (id),
    -- The plugin that delivered it; empty for a mail.
    plugin TEXT NOT NULL,
    -- The delivery's id, or the name of the mail's file.
    name TEXT NOT NULL,
    PRIMARY KEY (complaint_id, plugin, name)
);

-- The mails of somebody, of a complaint or of none.
CREATE INDEX mails_of_sender ON mails (sender, complaint_id, id);
