-- What is searched: a row for each text of a complaint. Its words are folded (small letters, no accents, no signs) and stand
-- one blank apart. The id begins with that of the complaint, so that the newest come first by it. The index over it is
-- another on each engine, and is made by the program.
CREATE TABLE search (
    id BIGINT PRIMARY KEY,
    -- 'facts', 'mail', 'letter' or 'note', and which one.
    part TEXT NOT NULL,
    of_part TEXT NOT NULL,
    -- What every text of the complaint is found by as well: who may see it, subject, complainant.
    head TEXT NOT NULL,
    body TEXT NOT NULL
);
