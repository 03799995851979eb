import type { Context } from "@playhead/protocol";
import type { EndReason } from "./record/playback.js";
import type { BeforeSend } from "./record/recorder.js";

/** What is true of the whole view; sent once a batch, so a change counts from the next batch on. */
export type ViewContext = Pick<
  Context,
  "viewerId" | "mediaId" | "hlsSessionId" | "player" | "stream" | "experiment" | "custom"
>;

export interface AttachOptions extends ViewContext {
  /** Where batches are posted. Default `/telemetry`. */
  readonly endpoint?: string;
  /** Ingest key, for pages that are not signed in: `?key=`. */
  readonly key?: string;
  /** Default: a new UUIDv7. */
  readonly viewId?: string;
  /**
   * What drives the element: an hls.js, Shaka, dash.js or Video.js instance. Default: the library that left a trace of
   * itself on the element, as Video.js does; else the element alone is watched, as for a file or the browser's own HLS.
   */
  readonly engine?: unknown;
  /** Default 10,000. While nothing plays, every sixth one is sent. */
  readonly heartbeatMs?: number;
  /** After so many failed repeats an event is given up, and the count of those reported. Default 50: about 20 minutes. */
  readonly maxRetries?: number;
  /** Part of the viewers that is watched, 0 to 1: the same viewers each time, by `viewerId`. Default 1. */
  readonly sampleRate?: number;
  /** Who has no `viewerId`: a random one per `tab` (default), or `none`. */
  readonly anonymous?: "tab" | "none";
  /** Watch also where the browser says Global Privacy Control or Do Not Track. Default false: nothing is recorded there. */
  readonly ignorePrivacySignals?: boolean;
  /** Default 10,000. The first frame, a fatal error and the end are sent at once. */
  readonly batchMs?: number;
  /** Playback starts without a click. Default: the element's `autoplay`. */
  readonly autoplay?: boolean;
  /** Where interactions are counted. Default: the element's parent. */
  readonly root?: EventTarget;
  /** Sees each event before it is queued; may change it or return null to keep it back. */
  readonly beforeSend?: BeforeSend;
  /** A monotonic clock like `performance.now()`, ms. */
  readonly now?: () => number;
}

export interface PageError {
  readonly code: string;
  readonly message?: string;
  readonly status?: number;
  /** `network`, `media`, `key`, `mux`, `other`. */
  readonly category?: string;
  /** The viewer is simply not allowed: counted apart from technical failures. */
  readonly business?: boolean;
}

export interface Stats {
  readonly viewId: string;
  /** `off`: not watched, by the viewer's wish or by sampling. */
  readonly state: string;
  /** Events recorded, acknowledged, waiting, and given up. */
  readonly recorded: number;
  readonly stored: number;
  readonly queued: number;
  readonly dropped: number;
  readonly requests: number;
  readonly failedRequests: number;
  /** Failures of the SDK's own code on this page, all caught. */
  readonly faults: number;
}

/** One player being watched. No method throws; after `stop` all of them do nothing. */
export interface Handle {
  /** The current view. A replay after the end of the media is a new intent to play, and so a new view. */
  readonly viewId: string;
  /** The viewer asks to play: a click, or the page's autoplay. `at`: `performance.now()` of the click, default now. */
  playRequested(at?: number): void;
  setContext(partial: ViewContext): void;
  custom(name: string, data?: unknown): void;
  /** Another instance drives the element from now on, in the same view: a renewed session, another way to the film. */
  setEngine(engine: unknown): void;
  /** Playback cannot go on, and the page has stopped trying. Ends nothing; `stop` does. */
  fail(error: PageError): void;
  /** Ends this view (`replaced`) and opens the next one on the same element: another title, another intent. */
  replaceView(options?: AttachOptions): void;
  /** Sends what there is now. Resolves when it is stored, or could not be sent for now. */
  flush(): Promise<void>;
  /** Ends the view and the watching. Resolves like `flush`; what could not be sent is tried on. */
  stop(reason?: EndReason): Promise<void>;
  stats(): Stats;
}
