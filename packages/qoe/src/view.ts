import type { Delivery, EventSource } from "@playhead/protocol";
import type { Cause } from "./cause/cause.js";

/**
 * How a view ended.
 * `open`: still going, or its end has not arrived; `ended`: reached the end of the media; `left`: the viewer left while it
 * played; `before_start`: no first frame and no fatal error; `start_failure`, `playback_failure`: a fatal error before or
 * after the first frame (VSF, VPF of CTA-2066).
 */
export type ViewExit = "open" | "ended" | "left" | "before_start" | "start_failure" | "playback_failure";

/**
 * One view, folded from its events: numerators, denominators, dimensions, scores. Definitions: `docs/telemetry.md`.
 * Null is what its sender can't know (CMCD), or what there is none of; 0 is known.
 */
export interface View {
  readonly viewId: string;
  readonly viewerId: string | null;
  readonly mediaId: string | null;
  readonly hlsSessionId: string | null;
  /** Time of the first event, Unix ms; mended where the viewer's clock is plainly ahead. */
  readonly startedAt: number;
  /** Time of the last event, Unix ms; on the server's clock where the viewer's is off by more than a minute. */
  readonly lastEventAt: number;
  readonly eventCount: number;
  /** Whose word the metrics stand on; `server` when the player has told nothing. */
  readonly source: EventSource;

  /** Play intent → first frame with the playhead moving, ms; null if the view never started, or none knows how long it took. */
  readonly startupMs: number | null;
  readonly playRequested: boolean;
  /** Play + rebuffer + seek time after the first frame, pauses excluded, ms. */
  readonly watchMs: number | null;
  /** Watch time less rebuffering and seeking, ms. */
  readonly playingMs: number | null;
  readonly pauseMs: number | null;
  readonly rebufferCount: number | null;
  readonly rebufferMs: number | null;
  readonly seekCount: number | null;
  /** Σ and number of completed seeks' latencies. */
  readonly seekMs: number | null;
  /** Σ(bitrate·time played at it)/Σ time; null when no bitrate is known. */
  readonly averageBitrateBps: number | null;
  /** Denominator of `averageBitrateBps`: ms played at a known bitrate. */
  readonly bitrateMs: number;
  readonly switchesUp: number | null;
  readonly switchesDown: number | null;
  readonly switches: number | null;
  readonly droppedFrames: number | null;
  readonly decodedFrames: number | null;
  readonly fps: number | null;
  readonly errorCount: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Twelve hexadecimal digits: the same for the same error, whatever ids and numbers its message tells. */
  readonly errorFingerprint: string | null;
  readonly businessError: boolean;
  readonly exit: ViewExit;
  /** State after the last event: what a live view shows. */
  readonly state: string;
  readonly positionMs: number | null;

  readonly seedScore: number | null;
  /** P.1203-style, mode 0, parametric part, 1–5; null where bitrate and size of what played are not known. */
  readonly mos: number | null;
  /** Media that `mos` was computed on, ms; under 30,000 it says little. */
  readonly mosMs: number;
  /** 0–100, each of one thing; null where there is nothing to score. */
  readonly startupScore: number | null;
  readonly smoothnessScore: number | null;
  readonly qualityScore: number | null;
  readonly successScore: number | null;

  /** Where the time to the first frame went; null where no request is known, or it never started. ms. */
  readonly startServerMs: number | null;
  readonly startNetworkMs: number | null;
  readonly startPlayerMs: number | null;
  /** Of a start that was slow; null for one that was not. */
  readonly startCause: Cause | null;
  /** The cause of most of the time that stalls took; null without stalls. */
  readonly stallCause: Cause | null;

  readonly browser: string | null;
  readonly os: string | null;
  readonly deviceType: string | null;
  readonly playerName: string | null;
  readonly playerVersion: string | null;
  readonly codec: string | null;
  readonly container: string | null;
  readonly delivery: Delivery | null;
  readonly experiment: string | null;
  readonly variant: string | null;
  /** Who delivered the bytes, as the page or its proxy says. */
  readonly cdn: string | null;
  /** ISO 3166 code, from a proxy's header; addresses are not kept. */
  readonly country: string | null;
  /** The encoder that made what played; null where nothing was encoded. */
  readonly encoder: string | null;
  /** The page's own dimensions. */
  readonly custom: Readonly<Record<string, string | number | boolean | null>> | null;
}
