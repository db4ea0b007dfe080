-- Webhooks that were made by the interface or on the page; those of folders stand in their folders. No secret stands here: it is
-- made of the key of the installation under the names below. Portable, as the foundation.

CREATE TABLE webhook_subscriptions (
    -- The name of the plugin.
    name TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    -- What it takes, as JSON.
    takes TEXT NOT NULL,
    -- The name of the secret that signs.
    secret TEXT NOT NULL,
    -- The names of secrets before, each with the moment until which it signs as well, as JSON pairs, newest first.
    secrets_before TEXT NOT NULL,
    -- Rises with each change.
    version BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
