/**
 * What the SDK uses of an hls.js instance (1.4 and later), by shape, so that hls.js is no dependency.
 * Every field of an event's data is optional: what is missing is not reported, and never an error.
 */
export interface HlsLike {
  readonly levels: readonly HlsLevel[];
  readonly autoLevelEnabled: boolean;
  /** Of the fragment at the playhead; -1 where there is none yet. */
  readonly currentLevel?: number;
  readonly url?: string | null;
  readonly latestLevelDetails?: { readonly live: boolean } | null;
  on(event: string, listener: HlsListener): void;
  off(event: string, listener: HlsListener): void;
}

export type HlsListener = (event: string, data: HlsData) => void;

export interface HlsLevel {
  /** `BANDWIDTH`: peak bits per second. */
  readonly bitrate: number;
  readonly width: number;
  readonly height: number;
  readonly codecSet?: string;
  readonly videoCodec?: string | undefined;
  readonly audioCodec?: string | undefined;
  readonly attrs?: { readonly "AVERAGE-BANDWIDTH"?: string };
}

/** The union of the data of the events listened to, each field named once. */
export interface HlsData {
  readonly level?: number | undefined;
  readonly frag?: HlsFragment;
  readonly stats?: HlsStats;
  readonly networkDetails?: HlsResponse | null | undefined;
  readonly url?: string | undefined;
  /** The name of an error, or the parsed playlist. */
  readonly details?: unknown;
  readonly type?: string;
  readonly fatal?: boolean;
  readonly error?: { readonly message: string };
  readonly reason?: string | undefined;
  readonly response?: { readonly code?: number | undefined };
}

export interface HlsFragment {
  readonly sn: number | "initSegment";
  readonly type: string;
  readonly level: number;
  readonly url: string;
  readonly stats: HlsStats;
}

/** Times of `performance.now()`, ms; 0 where a stage was not reached. */
export interface HlsStats {
  readonly loaded: number;
  readonly retry: number;
  readonly loading: { readonly start: number; readonly first: number; readonly end: number };
}

/** An XMLHttpRequest or a Response, whichever hls.js loaded with. */
export interface HlsResponse {
  readonly status?: number;
  readonly responseURL?: string;
  readonly url?: string;
  readonly headers?: Headers;
  getResponseHeader?(name: string): string | null;
}
