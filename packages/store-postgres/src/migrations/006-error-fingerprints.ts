import type { Migration } from "./migration.js";

/** Errors by fingerprint. Until the views that have one are folded again, their code stands in for it. */
export const errorFingerprints: Migration = {
  name: "error fingerprints",
  sql: `
ALTER TABLE views ADD COLUMN error_fingerprint TEXT COLLATE "C";
UPDATE views SET error_fingerprint = error_code WHERE error_code IS NOT NULL;
-- Few views have an error: their groups, and since when each is known, are read from here.
CREATE INDEX views_by_error ON views (app_id, error_fingerprint, started_at) WHERE error_fingerprint IS NOT NULL;

INSERT INTO view_due (app_id, view_id, mark)
SELECT app_id, view_id, nextval('view_due_mark') FROM views WHERE error_code IS NOT NULL
ON CONFLICT (app_id, view_id) DO UPDATE SET mark = EXCLUDED.mark;
`,
};
