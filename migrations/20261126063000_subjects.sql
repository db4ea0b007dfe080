-- The subject of a notification, as JSON, for a plugin that carries it later; none in rows from before.
ALTER TABLE notifications ADD COLUMN about TEXT;
