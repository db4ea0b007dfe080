-- Imports of earlier registers, and the rows that became complaints. What a row is known by are digests under the key of the
-- trail: no names stand here, also not when the complaint is forgotten. Portable, as the foundation.

CREATE TABLE imports (
    id BIGINT PRIMARY KEY,
    -- The SHA-256 of the file, in hexadecimal.
    file_sha256 TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    begun_by TEXT NOT NULL,
    -- NULL until the whole file was gone through.
    finished_at BIGINT,
    -- NULL while nothing of it was undone.
    undone_at BIGINT,
    undone_by TEXT
);
CREATE INDEX imports_unfinished ON imports (file_sha256, id) WHERE finished_at IS NULL;

CREATE TABLE import_rows (
    complaint_id BIGINT PRIMARY KEY REFERENCES complaints (id),
    import_id BIGINT NOT NULL REFERENCES imports (id),
    -- Its number in the file, as the spreadsheet shows it.
    line BIGINT NOT NULL,
    -- Digests of everything that it says, of its earlier number, and of who complained when of what.
    row_key TEXT NOT NULL,
    number_key TEXT,
    case_key TEXT
);
CREATE UNIQUE INDEX import_rows_by_row ON import_rows (row_key);
CREATE INDEX import_rows_by_number ON import_rows (number_key);
CREATE INDEX import_rows_by_case ON import_rows (case_key);
CREATE INDEX import_rows_of ON import_rows (import_id, complaint_id);
