-- The deliveries of one plugin by the moment of their decision: who looks after a plugin asks for its own, however few they are
-- among those of others. Portable, as the foundation.

CREATE INDEX deliveries_of_plugin ON deliveries (plugin, created_at);
