import { randomUUID } from "node:crypto";
import type { Context, EventOf, EventType, PlayheadEvent, RecordedEvent } from "@playhead/protocol";
import type { StoredView } from "../view-store.js";

/** A tenant that no other test has touched. */
export const newApp = () => `app-${randomUUID()}`;

export const start = Date.UTC(2026, 2, 14, 15, 9, 26);

type FieldsOf<T extends EventType> = Omit<EventOf<T>, "id" | "seq" | "type" | "ts">;

const metrics = {
  bufferMs: 12_345,
  bitrateBps: 4_800_001,
  width: 1920,
  height: 1080,
  playerWidth: 1280,
  playerHeight: 720,
  droppedFrames: 3,
  decodedFrames: 86_399,
  fps: 23.976,
  watchMs: 3_600_001,
  pauseMs: 17,
  interactionCount: 4,
  downlinkMbps: 9.85,
  rttMs: 50,
  effectiveType: "4g",
};
const server = { codec: "avc1.640028", container: "mkv", rendition: "v0", segment: 12 };

/** Every field of every type. */
export const fieldsByType: { readonly [T in EventType]: FieldsOf<T> } = {
  load: { url: "https://example.test/ä/index.m3u8?q=1", isLive: false },
  play_request: { autoplay: true },
  first_frame: { startupMs: 412, ...metrics },
  play: metrics,
  pause: metrics,
  seek_start: { fromMs: 1_001, toMs: 600_000 },
  seek_end: { toMs: 600_000, durationMs: 333 },
  rebuffer_start: metrics,
  rebuffer_end: { durationMs: 1_501, ...metrics },
  quality_change: {
    fromBitrateBps: 1_000_000,
    toBitrateBps: 4_800_999,
    fromWidth: 640,
    fromHeight: 360,
    toWidth: 1920,
    toHeight: 1080,
    codec: "hvc1.1.6.L93.B0",
    reason: "abr",
  },
  state_change: { from: "buffering", to: "playing" },
  heartbeat: metrics,
  request: {
    kind: "segment",
    url: "/v0/12.m4s",
    status: 200,
    ttfbMs: 12,
    durationMs: 80,
    bytes: 3_000_000_000,
    retries: 1,
    waitMs: 0,
    rendition: "v0",
    segment: 12,
  },
  error: {
    code: "fragLoadError",
    message: 'It\'s "gone"\n\t🎬',
    fatal: true,
    category: "network",
    status: 503,
    business: false,
  },
  end: { reason: "left", ...metrics },
  custom: { name: "ad_break", data: { nested: [1, null, { deep: "ünïcode 🎞" }], fraction: 0.1 } },
  hls_session_start: { ...server, delivery: "copy", durationMs: 5 },
  hls_session_end: { ...server, reason: "idle", durationMs: 120_000 },
  ffmpeg_start: { ...server, durationMs: 90, encoder: "libx264" },
  first_segment: { ...server, durationMs: 800 },
  segment: { ...server, durationMs: 30, waitMs: 12, bytes: 812_345, cached: false },
  transcode_error: { ...server, code: "ffmpeg_exit", message: "Invalid data found" },
};

/** A context with groups of any form: newer and foreign senders add to them. */
export const contextOf = (viewId: string, more: object): Context => ({ viewId, ...more });

export const fullContext = (viewId: string): Context =>
  contextOf(viewId, {
    viewerId: "viewer-1",
    mediaId: "media-1",
    hlsSessionId: "hls-1",
    player: { name: "hls.js", version: "1.6.0", skin: "dark" },
    device: {
      browser: "Firefox",
      browserVersion: "140.0",
      os: "Linux",
      screenWidth: 2560,
      screenHeight: 1440,
      type: "desktop",
    },
    network: { downlinkMbps: 10, rttMs: 50, effectiveType: "4g", saveData: false },
    stream: { url: "/a", codec: "avc1.640028", container: "mp4", protocol: "hls", delivery: "copy", isLive: false },
    experiment: { name: "abr", variant: "b" },
    custom: { plan: "free", paid: false, price: 0.5, nothing: null },
    unknownGroup: { kept: true },
  });

/** An event of that type with every field; `unknown…` are what a newer or foreign sender adds. */
export function eventOf(type: EventType, seq: number, more: object = {}): PlayheadEvent {
  const event: object = {
    id: randomUUID(),
    seq,
    type,
    ts: start + seq * 1_000,
    positionMs: seq * 1_000 + 1,
    ...fieldsByType[type],
    unknownText: "kept",
    unknownTree: { a: [{ b: null }] },
    ...more,
  };
  if (!isEvent(event)) throw new TypeError("An event has a type.");
  return event;
}

/** The table above is checked by type; picking from it by a variable, and what a test adds, can't be. */
function isEvent(value: object): value is PlayheadEvent {
  return "type" in value;
}

export function recorded(
  appId: string,
  viewId: string,
  event: PlayheadEvent,
  more: Partial<RecordedEvent> = {},
): RecordedEvent {
  return { appId, source: "sdk", receivedAt: start + 60_000, context: { viewId }, event, ...more };
}

/** `count` events of one view, in order. */
export function viewEvents(appId: string, viewId: string, count: number): readonly RecordedEvent[] {
  return Array.from({ length: count }, (_, seq) => recorded(appId, viewId, eventOf("heartbeat", seq)));
}

/** A plain view that played; tests say what differs. */
export function view(appId: string, viewId: string, more: Partial<StoredView> = {}): StoredView {
  return {
    appId,
    viewId,
    source: "sdk",
    viewerId: "viewer-1",
    mediaId: "media-1",
    hlsSessionId: "hls-1",
    startedAt: start,
    lastEventAt: start + 60_000,
    eventCount: 12,
    startupMs: 400,
    playRequested: true,
    watchMs: 60_000,
    playingMs: 58_000,
    pauseMs: 1_000,
    rebufferCount: 1,
    rebufferMs: 1_500,
    seekCount: 1,
    seekMs: 500,
    averageBitrateBps: 4_000_000,
    bitrateMs: 58_000,
    switchesUp: 2,
    switchesDown: 1,
    switches: 3,
    droppedFrames: 5,
    decodedFrames: 1_400,
    fps: 23.976,
    errorCount: 0,
    errorCode: null,
    errorMessage: null,
    errorFingerprint: null,
    businessError: false,
    exit: "ended",
    state: "ended",
    positionMs: 58_000,
    seedScore: 80,
    mos: 4.25,
    mosMs: 58_000,
    startupScore: 95.2,
    smoothnessScore: null,
    qualityScore: 71.5,
    successScore: 100,
    startServerMs: 120,
    startNetworkMs: 80,
    startPlayerMs: 200,
    startCause: null,
    stallCause: "network",
    browser: "Firefox",
    os: "Linux",
    deviceType: "desktop",
    playerName: "hls.js",
    playerVersion: "1.6.0",
    codec: "avc1.640028",
    container: "mp4",
    delivery: "copy",
    experiment: null,
    variant: null,
    cdn: "edge-1",
    country: "SE",
    encoder: null,
    custom: { plan: "free", paid: false, price: 0.5, nothing: null },
    ...more,
  };
}
