import type { Cell, ColumnName } from "./columns.js";

/**
 * How a field of the wire lies in its column. Either way loses nothing: when `read` does not give back what `write` was
 * given, the field stays in `raw_json` as well, and that one counts.
 */
export interface FieldColumn {
  readonly column: ColumnName;
  /** @returns null when the column can't hold the value at all. */
  write(value: unknown): Cell;
  read(cell: Exclude<Cell, null>): unknown;
}

export type Fields = Readonly<Record<string, FieldColumn>>;

const INT4_MAX = 2_147_483_647;

const same = (cell: Exclude<Cell, null>) => cell;
const integer = (value: unknown, max: number) =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= max ? value : null;

const text = (column: ColumnName): FieldColumn => ({
  column,
  write: (value) => (typeof value === "string" ? value : null),
  read: same,
});
const boolean = (column: ColumnName): FieldColumn => ({
  column,
  write: (value) => (typeof value === "boolean" ? value : null),
  read: same,
});
const int4 = (column: ColumnName): FieldColumn => ({ column, write: (value) => integer(value, INT4_MAX), read: same });
const int8 = (column: ColumnName): FieldColumn => ({
  column,
  write: (value) => integer(value, Number.MAX_SAFE_INTEGER),
  read: same,
});
const float8 = (column: ColumnName): FieldColumn => ({
  column,
  write: (value) => (typeof value === "number" && Number.isFinite(value) ? value : null),
  read: same,
});
/** Milliseconds on the wire, seconds in the column. */
const seconds = (column: ColumnName): FieldColumn => ({
  column,
  write: (value) => (typeof value === "number" && Number.isFinite(value) ? value / 1000 : null),
  read: (cell) => Math.round(Number(cell) * 1000),
});
/** Bits per second on the wire, whole kbit/s in the column: most encoders' bitrates aren't whole, and stay in `raw_json` too. */
const kilobits = (column: ColumnName): FieldColumn => ({
  column,
  write: (value) => (typeof value === "number" ? integer(Math.round(value / 1000), INT4_MAX) : null),
  read: (cell) => Number(cell) * 1000,
});

/** Fields of every event. */
const common: Fields = {
  positionMs: seconds("playback_position_sec"),
  watchMs: int8("total_watch_time_ms"),
  pauseMs: int8("total_pause_time_ms"),
  interactionCount: int4("interaction_count"),
  droppedFrames: int4("dropped_frames"),
  decodedFrames: int4("decoded_frames"),
  fps: float8("fps"),
  bufferMs: seconds("buffer_length_sec"),
};

const picture: Fields = {
  bitrateBps: kilobits("bitrate_kbps"),
  width: int4("video_width"),
  height: int4("video_height"),
};

/** Of a change, the columns tell what it changed to. */
const newPicture: Fields = {
  toBitrateBps: kilobits("bitrate_kbps"),
  toWidth: int4("video_width"),
  toHeight: int4("video_height"),
};

const failure: Fields = {
  code: text("error_code"),
  message: text("error_message"),
  fatal: boolean("error_fatal"),
};

const ordinary: Fields = { ...common, ...picture };
const special: Readonly<Record<string, Fields>> = {
  quality_change: { ...common, ...newPicture },
  error: { ...ordinary, ...failure },
  transcode_error: { ...ordinary, ...failure },
  rebuffer_end: { ...ordinary, durationMs: int4("buffer_duration_ms") },
};

/** The columns of an event's fields; its id, seq, type and time have theirs in `row.ts`. */
export function eventFields(type: string): Fields {
  return (Object.hasOwn(special, type) ? special[type] : undefined) ?? ordinary;
}

/** Fields of the context itself; `viewId` has its own. */
export const contextFields: Fields = {
  viewerId: text("viewer_id"),
  mediaId: text("media_id"),
  hlsSessionId: text("hls_session_id"),
};

/** Fields of the context's groups. An event's own network fields are samples, and stay in `raw_json`. */
export const contextGroups: Readonly<Record<string, Fields>> = {
  device: {
    browser: text("device_browser"),
    os: text("device_os"),
    screenWidth: int4("screen_width"),
    screenHeight: int4("screen_height"),
  },
  network: {
    downlinkMbps: float8("network_downlink_mbps"),
    rttMs: int4("network_rtt_ms"),
    effectiveType: text("network_effective_type"),
  },
};
