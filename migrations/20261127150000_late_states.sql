-- What is late is walked past in its own index, also where only complaints in some states are asked for. Portable, as the
-- foundation.

DROP INDEX complaints_late;
DROP INDEX complaints_late_numbered;
CREATE INDEX complaints_late ON complaints (received_on, received_at, id, late_from, state) WHERE late_from IS NOT NULL;
CREATE INDEX complaints_late_numbered ON complaints (number, late_from, state) WHERE late_from IS NOT NULL;
