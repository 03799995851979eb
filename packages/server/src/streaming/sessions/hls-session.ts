import type { PlaybackPlan } from "@playhead/hls";
import type { MediaItem } from "../../library/media-item.js";

/**
 * `warming`: prepared, nothing asked for yet. `active`: its player asks or sends heartbeats. `lingering`: silent for half
 * of the idle timeout; its encoders are ended, the session can still come back. `ended`: gone, 410.
 */
export type HlsSessionState = "warming" | "active" | "lingering" | "ended";

/** `unused`: a warm-up that nobody played in time. */
export type EndReason = "idle" | "client" | "shutdown" | "unused";

/** The server's lease for one user on one media item. It holds renditions, never bytes. */
export interface HlsSession {
  /** UUID. */
  readonly id: string;
  readonly mediaId: string;
  readonly userId: string;
  /** The item as it was when the session began: its `fileId` names the bytes that the plan was made for. */
  readonly item: MediaItem;
  readonly plan: PlaybackPlan;
  /** The view through a signed link that it belongs to; undefined for a signed-in user's own. */
  readonly view: string | undefined;
  readonly delivery: "copy" | "transcode";
  /** Unix ms. */
  readonly startedAt: number;
  /** Prepared before anyone pressed play, and not played yet. */
  isWarmUp: boolean;
  state: HlsSessionState;
  /** Where playback is likely to go on: an init request starts its encoder there. */
  positionMs: number;
  /** Unix ms of the last request or heartbeat. */
  lastSeenAt: number;
  /** Requests that are being answered: none of them may see its session die of old age. */
  inFlight: number;
  segments: number;
  bytes: number;
}
