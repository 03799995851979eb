import type { Migration } from "./migration.js";

/** Scores, causes and dimensions that views did not have at first. What was folded before is folded again, once. */
export const explainedViews: Migration = {
  name: "explained views",
  sql: `
ALTER TABLE views
  ADD COLUMN mos_ms BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN quality_score DOUBLE PRECISION,
  ADD COLUMN success_score DOUBLE PRECISION,
  ADD COLUMN start_server_ms BIGINT,
  ADD COLUMN start_network_ms BIGINT,
  ADD COLUMN start_player_ms BIGINT,
  ADD COLUMN start_cause TEXT COLLATE "C",
  ADD COLUMN stall_cause TEXT COLLATE "C",
  ADD COLUMN cdn TEXT COLLATE "C",
  ADD COLUMN country TEXT COLLATE "C",
  ADD COLUMN encoder TEXT COLLATE "C",
  ADD COLUMN custom JSONB;

INSERT INTO view_due (app_id, view_id, mark)
SELECT app_id, view_id, nextval('view_due_mark') FROM views
ON CONFLICT (app_id, view_id) DO UPDATE SET mark = EXCLUDED.mark;
`,
};
