import type { Delivery } from "@playhead/protocol";

/**
 * How a view ended.
 * `open`: still going, or its end has not arrived; `ended`: reached the end of the media; `left`: the viewer left while it
 * played; `before_start`: no first frame and no fatal error; `start_failure`, `playback_failure`: a fatal error before or
 * after the first frame (VSF, VPF of CTA-2066).
 */
export type ViewExit = "open" | "ended" | "left" | "before_start" | "start_failure" | "playback_failure";

/** One view, folded from its events: numerators, denominators, dimensions, scores. Definitions: `docs/telemetry.md`. */
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

  /** Play intent → first frame with the playhead moving, ms; null if the view never started, or none knows how long it took. */
  readonly startupMs: number | null;
  readonly playRequested: boolean;
  /** Play + rebuffer + seek time after the first frame, pauses excluded, ms. */
  readonly watchMs: number;
  /** Watch time less rebuffering and seeking, ms. */
  readonly playingMs: number;
  readonly pauseMs: number;
  readonly rebufferCount: number;
  readonly rebufferMs: number;
  readonly seekCount: number;
  /** Σ and number of completed seeks' latencies. */
  readonly seekMs: number;
  /** Σ(bitrate·time played at it)/Σ time; null when no bitrate is known. */
  readonly averageBitrateBps: number | null;
  /** Denominator of `averageBitrateBps`: ms played at a known bitrate. */
  readonly bitrateMs: number;
  readonly switchesUp: number;
  readonly switchesDown: number;
  readonly switches: number;
  readonly droppedFrames: number;
  readonly decodedFrames: number;
  readonly fps: number | null;
  readonly errorCount: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly businessError: boolean;
  readonly exit: ViewExit;
  /** State after the last event: what a live view shows. */
  readonly state: string;
  readonly positionMs: number | null;

  readonly seedScore: number;
  /** P.1203-style, mode 0, parametric part; null until computed. */
  readonly mos: number | null;
  readonly startupScore: number | null;
  readonly smoothnessScore: number | null;

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
}
