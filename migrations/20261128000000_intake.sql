-- Who oversees counts the complaints of two years by month: from the index alone, without reading a row of each. Portable, as the
-- foundation.

CREATE INDEX complaints_intake ON complaints (received_on, number, id);
