-- The message ids that the first mail of a complaint refers to: conversations that began elsewhere, and of which more of
-- the same sender may come (docs/mail.md "Threading order").
CREATE TABLE conversations (
    reference TEXT NOT NULL,
    complaint_id BIGINT NOT NULL REFERENCES complaints (id),
    PRIMARY KEY (reference, complaint_id)
);
