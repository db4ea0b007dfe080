-- The current instance of every deadline beside the facts they belong to, as JSON, so that a complaint is loaded from one
-- row. The deadlines table stays what people and lists query. NULL in rows written before; then the table is read.

ALTER TABLE complaints ADD COLUMN terms TEXT;
