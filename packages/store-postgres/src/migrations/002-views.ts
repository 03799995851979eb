import type { Migration } from "./migration.js";

/**
 * One row a view: every field of `StoredView`, numerators and denominators apart. `started` is the store's own: seed
 * wires tell no play intent, so a view may have played without a startup time.
 */
export const views: Migration = {
  name: "views",
  sql: `
-- What every view has and every sum reads comes first: columns of fixed width without NULLs lie at known places, and
-- reading the twentieth then costs no walk over nineteen others.
CREATE TABLE views (
  started_at BIGINT NOT NULL,
  last_event_at BIGINT NOT NULL,
  event_count BIGINT NOT NULL,
  watch_ms BIGINT NOT NULL,
  playing_ms BIGINT NOT NULL,
  pause_ms BIGINT NOT NULL,
  rebuffer_count BIGINT NOT NULL,
  rebuffer_ms BIGINT NOT NULL,
  seek_count BIGINT NOT NULL,
  seek_ms BIGINT NOT NULL,
  bitrate_ms BIGINT NOT NULL,
  switches_up BIGINT NOT NULL,
  switches_down BIGINT NOT NULL,
  switches BIGINT NOT NULL,
  dropped_frames BIGINT NOT NULL,
  decoded_frames BIGINT NOT NULL,
  error_count BIGINT NOT NULL,
  seed_score DOUBLE PRECISION NOT NULL,
  mark BIGINT NOT NULL,
  play_requested BOOLEAN NOT NULL,
  business_error BOOLEAN NOT NULL,
  started BOOLEAN NOT NULL GENERATED ALWAYS AS
    (startup_ms IS NOT NULL OR playing_ms > 0 OR exit IN ('ended', 'left', 'playback_failure')) STORED,

  exit TEXT COLLATE "C" NOT NULL,
  app_id TEXT COLLATE "C" NOT NULL,
  view_id TEXT COLLATE "C" NOT NULL,
  state TEXT NOT NULL,

  startup_ms BIGINT,
  average_bitrate_bps DOUBLE PRECISION,
  fps DOUBLE PRECISION,
  position_ms BIGINT,
  mos DOUBLE PRECISION,
  startup_score DOUBLE PRECISION,
  smoothness_score DOUBLE PRECISION,

  viewer_id TEXT COLLATE "C",
  media_id TEXT COLLATE "C",
  hls_session_id TEXT COLLATE "C",
  error_code TEXT COLLATE "C",
  error_message TEXT,
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

  PRIMARY KEY (app_id, view_id)
) WITH (
  -- Room on its page for a view's next fold; and the map of pages that need no look is kept up to date.
  fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.02
);

-- Lists in its order; and viewers and startup times are counted from it without a look at the rows, which are ten times
-- as large. Both change once or twice in a view's life, so most of its folds touch no index (HOT).
CREATE INDEX views_by_start ON views (app_id, started_at DESC, view_id DESC) INCLUDE (viewer_id, startup_ms);
-- Few are open at a time. Their last event is no part of it: it changes with every fold.
CREATE INDEX views_open ON views (app_id) WHERE exit = 'open';

COMMENT ON COLUMN views.mark IS 'the change that this row was folded at; an older fold never replaces a newer';
`,
};
