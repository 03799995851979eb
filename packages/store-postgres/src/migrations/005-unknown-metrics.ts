import type { Migration } from "./migration.js";

/**
 * What a view's sender can't know is NULL (CMCD), and whose word a view stands on is kept. A view whose playing time is not
 * known has started if it took media to play.
 */
export const unknownMetrics: Migration = {
  name: "unknown metrics",
  sql: `
ALTER TABLE views
  ALTER COLUMN watch_ms DROP NOT NULL,
  ALTER COLUMN playing_ms DROP NOT NULL,
  ALTER COLUMN pause_ms DROP NOT NULL,
  ALTER COLUMN rebuffer_count DROP NOT NULL,
  ALTER COLUMN rebuffer_ms DROP NOT NULL,
  ALTER COLUMN seek_count DROP NOT NULL,
  ALTER COLUMN seek_ms DROP NOT NULL,
  ALTER COLUMN switches_up DROP NOT NULL,
  ALTER COLUMN switches_down DROP NOT NULL,
  ALTER COLUMN switches DROP NOT NULL,
  ALTER COLUMN dropped_frames DROP NOT NULL,
  ALTER COLUMN decoded_frames DROP NOT NULL,
  ALTER COLUMN seed_score DROP NOT NULL,
  ADD COLUMN source TEXT COLLATE "C" NOT NULL DEFAULT 'sdk',
  DROP COLUMN started;
ALTER TABLE views ALTER COLUMN source DROP DEFAULT,
  ADD COLUMN started BOOLEAN NOT NULL GENERATED ALWAYS AS (
    startup_ms IS NOT NULL OR coalesce(playing_ms, bitrate_ms) > 0 OR exit IN ('ended', 'left', 'playback_failure')
  ) STORED;
`,
};
