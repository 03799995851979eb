import type { Migration } from "./migration.js";

/** `condition` and `finding` are JSON: nothing searches in them. Leases are by the database's clock, which all servers share. */
export const alerts: Migration = {
  name: "alerts",
  sql: `
CREATE TABLE alert_rules (
  id TEXT COLLATE "C" PRIMARY KEY,
  app_id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  metric TEXT NOT NULL,
  filter TEXT NOT NULL,
  condition JSON NOT NULL,
  window_ms BIGINT NOT NULL,
  min_views BIGINT NOT NULL,
  webhook_url TEXT NOT NULL,
  secret TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'firing')),
  state_since BIGINT NOT NULL,
  finding JSON,
  evaluated_at BIGINT NOT NULL DEFAULT 0,
  leased_until TIMESTAMPTZ NOT NULL DEFAULT '-infinity'
);

CREATE TABLE alert_messages (
  id TEXT COLLATE "C" PRIMARY KEY,
  rule_id TEXT COLLATE "C" NOT NULL REFERENCES alert_rules ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('firing', 'resolved', 'test')),
  at BIGINT NOT NULL,
  finding JSON,
  delivery TEXT NOT NULL CHECK (delivery IN ('pending', 'delivered', 'failed')),
  attempts INT NOT NULL DEFAULT 0,
  error TEXT,
  next_at BIGINT NOT NULL DEFAULT 0,
  leased_until TIMESTAMPTZ NOT NULL DEFAULT '-infinity'
);
CREATE INDEX alert_messages_pending ON alert_messages (next_at) WHERE delivery = 'pending';
CREATE INDEX alert_messages_by_rule ON alert_messages (rule_id, at DESC);
`,
};
