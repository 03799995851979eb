import { ApiError, request } from "../api/request.js";
import type { PlayerFailure, Recovery } from "./recovery.js";

export interface FilePlayerOptions {
  readonly video: HTMLVideoElement;
  /** A film as it is, or a playlist for a browser that reads playlists itself. */
  readonly url: string;
  readonly startS: number;
  readonly recovery: Recovery;
  /** The browser can't play what it said it could. */
  readonly onUnplayable: () => void;
  /** The HLS session behind the address has ended. */
  readonly onSessionOver: (positionS: number) => void;
  readonly onFailed: (failure: PlayerFailure, message: string | undefined) => void;
  readonly onTrouble: (troubled: boolean) => void;
  readonly signal: AbortSignal;
}

/** Gives the address to the video element itself, and looks after it until `signal` aborts. */
export function playAddress(options: FilePlayerOptions): void {
  const { video, url, recovery, signal } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const load = (atS: number) => {
    video.src = url;
    if (atS > 0) video.currentTime = atS;
  };

  const onError = async () => {
    const code = video.error?.code;
    const atS = video.currentTime || options.startS;
    const wasPlaying = !video.paused;
    options.onTrouble(true);
    // "Not supported" is also what the element says of a missing file: ask the server which it is.
    const refusal = await refusalOf(url, signal);
    if (signal.aborted) return;
    if (refusal?.status === 404 || refusal?.status === 410) return options.onSessionOver(atS);
    if (!refusal && code !== MediaError.MEDIA_ERR_NETWORK) return options.onUnplayable();
    const failure: PlayerFailure = { category: "network", status: refusal?.status ?? 0 };
    const remedy = recovery.remedyFor(failure);
    if (remedy.kind !== "reload") return options.onFailed(failure, refusal?.message);
    timer = setTimeout(() => {
      load(atS);
      if (wasPlaying) video.play().catch(() => undefined);
    }, remedy.afterMs);
  };

  video.addEventListener("error", () => void onError(), { signal });
  video.addEventListener("playing", () => options.onTrouble(false), { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    video.removeAttribute("src");
    video.load();
  });
  load(options.startS);
}

/** Asks for the first byte: what the element does not tell. Undefined where the server gives it. */
async function refusalOf(url: string, signal: AbortSignal): Promise<ApiError | undefined> {
  try {
    const response = await fetch(url, { headers: { range: "bytes=0-0" }, signal });
    if (response.ok) return undefined;
  } catch {
    return new ApiError("unreachable", 0, "The server can't be reached.");
  }
  return request<null>(url, { signal }).then(
    () => undefined,
    (error: unknown) => (error instanceof ApiError ? error : undefined),
  );
}
