-- Lists of one state or of one handler come in the order in which complaints were received, page by page, however large the
-- register is. Portable, as the foundation.

CREATE INDEX complaints_in_state ON complaints (state, received_on, received_at, id);
CREATE INDEX complaints_responsible ON complaints (responsible, received_on, received_at, id)
    WHERE responsible IS NOT NULL;
