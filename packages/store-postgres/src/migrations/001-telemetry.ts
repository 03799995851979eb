import type { Migration } from "./migration.js";

/**
 * The event log. Columns up to `created_at` are seed 003's, by name and type; `session_id` is the view. Ids compare by
 * bytes ("C"): faster than by a language's rules, and the same on every server.
 *
 * Partitions hold a UTC month each and are made by the writer; the two here take what is out of any sane range, so that a
 * clock set to 1970 makes no partitions.
 */
export const telemetry: Migration = {
  name: "telemetry",
  sql: `
CREATE TABLE telemetry_events (
  event_id TEXT COLLATE "C" NOT NULL,
  viewer_id TEXT,
  session_id TEXT COLLATE "C" NOT NULL,
  event_type TEXT NOT NULL,
  event_timestamp BIGINT NOT NULL,
  playback_position_sec DOUBLE PRECISION,

  bitrate_kbps INT,
  resolution TEXT,
  video_width INT,
  video_height INT,

  buffer_start BIGINT,
  buffer_end BIGINT,
  buffer_duration_ms INT,

  network_downlink_mbps DOUBLE PRECISION,
  network_rtt_ms INT,
  network_effective_type TEXT,

  device_browser TEXT,
  device_os TEXT,
  screen_width INT,
  screen_height INT,

  total_watch_time_ms BIGINT,
  total_pause_time_ms BIGINT,
  interaction_count INT,

  dropped_frames INT,
  decoded_frames INT,
  fps DOUBLE PRECISION,
  buffer_length_sec DOUBLE PRECISION,

  raw_json JSONB,
  created_at TIMESTAMPTZ DEFAULT now(),

  app_id TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  media_id TEXT,
  hls_session_id TEXT,
  source TEXT NOT NULL,
  error_code TEXT,
  error_message TEXT,
  error_fatal BOOLEAN,
  received_at BIGINT NOT NULL,

  PRIMARY KEY (app_id, event_id, event_timestamp)
) PARTITION BY RANGE (event_timestamp);

CREATE INDEX telemetry_events_of_view ON telemetry_events (app_id, session_id, event_timestamp, seq);

CREATE TABLE telemetry_events_before PARTITION OF telemetry_events
  FOR VALUES FROM (MINVALUE) TO (${Date.UTC(2020, 0)});
CREATE TABLE telemetry_events_after PARTITION OF telemetry_events
  FOR VALUES FROM (${Date.UTC(2100, 0)}) TO (MAXVALUE);

COMMENT ON COLUMN telemetry_events.session_id IS 'the view';
COMMENT ON COLUMN telemetry_events.raw_json IS 'the fields of event and context that have no column, or that theirs would round';

-- Views whose events changed since they were folded. The mark tells which change: it grows with each.
CREATE SEQUENCE view_due_mark;
CREATE TABLE view_due (
  app_id TEXT COLLATE "C" NOT NULL,
  view_id TEXT COLLATE "C" NOT NULL,
  mark BIGINT NOT NULL,
  PRIMARY KEY (app_id, view_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
CREATE INDEX view_due_by_mark ON view_due (mark);
`,
};
