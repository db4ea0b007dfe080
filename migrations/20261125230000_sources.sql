-- What brought something about, beside the name that people see: which kind it is, and which rule performed an action, as
-- JSON. NULL in rows written before; then the name and the door tell. Portable, as the foundation.

ALTER TABLE events ADD COLUMN source TEXT;
ALTER TABLE notifications ADD COLUMN source TEXT;
ALTER TABLE deadlines ADD COLUMN source TEXT;
