import type { EventType } from "../event.js";

/** The six names that seed 003's plugin sends. */
const own = {
  PLAY: "play",
  PAUSE: "pause",
  BUFFER_START: "rebuffer_start",
  BUFFER_END: "rebuffer_end",
  QUALITY_CHANGE: "quality_change",
  PLAYER_ERROR: "error",
} as const satisfies Record<string, EventType>;

/** Names that plugins of its kind send beside them. */
const kin = {
  LOAD: "load",
  PLAY_REQUEST: "play_request",
  FIRST_FRAME: "first_frame",
  PLAYBACK_START: "first_frame",
  PLAYBACK_STARTED: "first_frame",
  PLAYING: "state_change",
  SEEK: "seek_start",
  SEEK_START: "seek_start",
  SEEKING: "seek_start",
  SEEK_END: "seek_end",
  SEEKED: "seek_end",
  BUFFERING_START: "rebuffer_start",
  REBUFFER_START: "rebuffer_start",
  STALLED: "rebuffer_start",
  WAITING: "rebuffer_start",
  BUFFERING_END: "rebuffer_end",
  REBUFFER_END: "rebuffer_end",
  QUALITY_CHANGED: "quality_change",
  LEVEL_SWITCHED: "quality_change",
  ERROR: "error",
  HEARTBEAT: "heartbeat",
  PROGRESS: "heartbeat",
  END: "end",
  ENDED: "end",
  COMPLETE: "end",
  COMPLETED: "end",
  SESSION_END: "end",
} as const satisfies Record<string, EventType>;

const all = new Map<string, EventType>(Object.entries({ ...kin, ...own }));

export interface Seed003Type {
  readonly type: EventType;
  /** False when several names share the type, so that the name must be kept to read back what was sent. */
  readonly exact: boolean;
}

/** The canonical type of a seed 003 `eventType`; `custom` for one we do not know. */
export function seed003Type(name: string): Seed003Type {
  const type = all.get(name.toUpperCase());
  return type ? { type, exact: Object.hasOwn(own, name) } : { type: "custom", exact: true };
}
