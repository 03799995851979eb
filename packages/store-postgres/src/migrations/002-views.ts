import type { Migration } from "./migration.js";

/**
 * One row a view: every field of `StoredView`, numerators and denominators apart. `started` is the store's own: seed
 * wires tell no play intent, so a view may have played without a startup time.
 */
export const views: Migration = {
  name: "views",
  sql: `
CREATE TABLE views (
  app_id TEXT COLLATE "C" NOT NULL,
  view_id TEXT COLLATE "C" NOT NULL,
  viewer_id TEXT COLLATE "C",
  media_id TEXT COLLATE "C",
  hls_session_id TEXT COLLATE "C",
  started_at BIGINT NOT NULL,
  last_event_at BIGINT NOT NULL,
  event_count BIGINT NOT NULL,

  startup_ms BIGINT,
  play_requested BOOLEAN NOT NULL,
  watch_ms BIGINT NOT NULL,
  playing_ms BIGINT NOT NULL,
  pause_ms BIGINT NOT NULL,
  rebuffer_count BIGINT NOT NULL,
  rebuffer_ms BIGINT NOT NULL,
  seek_count BIGINT NOT NULL,
  seek_ms BIGINT NOT NULL,
  average_bitrate_bps DOUBLE PRECISION,
  bitrate_ms BIGINT NOT NULL,
  switches_up BIGINT NOT NULL,
  switches_down BIGINT NOT NULL,
  switches BIGINT NOT NULL,
  dropped_frames BIGINT NOT NULL,
  decoded_frames BIGINT NOT NULL,
  fps DOUBLE PRECISION,
  error_count BIGINT NOT NULL,
  error_code TEXT COLLATE "C",
  error_message TEXT,
  business_error BOOLEAN NOT NULL,
  exit TEXT COLLATE "C" NOT NULL,
  state TEXT NOT NULL,
  position_ms BIGINT,

  seed_score DOUBLE PRECISION NOT NULL,
  mos DOUBLE PRECISION,
  startup_score DOUBLE PRECISION,
  smoothness_score DOUBLE PRECISION,

  browser TEXT COLLATE "C",
  os TEXT COLLATE "C",
  device_type TEXT COLLATE "C",
  player_name TEXT COLLATE "C",
  player_version TEXT COLLATE "C",
  codec TEXT COLLATE "C",
  container TEXT COLLATE "C",
  delivery TEXT COLLATE "C",
  experiment TEXT COLLATE "C",
  variant TEXT COLLATE "C",

  mark BIGINT NOT NULL,
  started BOOLEAN NOT NULL GENERATED ALWAYS AS
    (startup_ms IS NOT NULL OR playing_ms > 0 OR exit IN ('ended', 'left', 'playback_failure')) STORED,
  PRIMARY KEY (app_id, view_id)
);

CREATE INDEX views_by_start ON views (app_id, started_at DESC, view_id DESC);
CREATE INDEX views_open ON views (last_event_at) WHERE exit = 'open';

COMMENT ON COLUMN views.mark IS 'the change that this row was folded at; an older fold never replaces a newer';
`,
};
