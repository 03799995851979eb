/** How a column is written in binary. */
export type ColumnType = "text" | "int4" | "int8" | "float8" | "boolean" | "jsonb";
/** One value of a row: `jsonb` as JSON text. */
export type Cell = string | number | boolean | null;

/** The columns that the writer fills, in the order of the stage. `created_at` is the database's own. */
export const columns = {
  event_id: "text",
  viewer_id: "text",
  session_id: "text",
  event_type: "text",
  event_timestamp: "int8",
  playback_position_sec: "float8",
  bitrate_kbps: "int4",
  resolution: "text",
  video_width: "int4",
  video_height: "int4",
  buffer_start: "int8",
  buffer_end: "int8",
  buffer_duration_ms: "int4",
  network_downlink_mbps: "float8",
  network_rtt_ms: "int4",
  network_effective_type: "text",
  device_browser: "text",
  device_os: "text",
  screen_width: "int4",
  screen_height: "int4",
  total_watch_time_ms: "int8",
  total_pause_time_ms: "int8",
  interaction_count: "int4",
  dropped_frames: "int4",
  decoded_frames: "int4",
  fps: "float8",
  buffer_length_sec: "float8",
  raw_json: "jsonb",
  app_id: "text",
  seq: "int8",
  media_id: "text",
  hls_session_id: "text",
  source: "text",
  error_code: "text",
  error_message: "text",
  error_fatal: "boolean",
  received_at: "int8",
} as const satisfies Record<string, ColumnType>;

export type ColumnName = keyof typeof columns;
export const columnTypes: readonly (readonly [name: string, type: ColumnType])[] = Object.entries(columns);
export const columnList = Object.keys(columns).join(", ");

/** Cells by column; what is absent is NULL. */
export type Row = Partial<Record<ColumnName, Cell>>;
