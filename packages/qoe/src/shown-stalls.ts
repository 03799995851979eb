import type { EventOf } from "@playhead/protocol";

type Request = EventOf<"request">;

/** More buffer than this, in segments, after the buffer "ran dry": it did not, the viewer sought within it. */
const FULL_SEGMENTS = 1.5;
/** By so much a playhead may be ahead of where playing has brought it: buffers are told to the tenth of a second. */
const SLACK_MS = 500;

/** A segment that came, as far as we know. */
export function isArrived({ kind, status }: Request): boolean {
  return kind === "segment" && (status === undefined || status < 400);
}

/**
 * How often playback stopped for lack of data, as its requests for picture and sound show it (CTA-5004): one says that the
 * buffer ran dry (`bs`), or is urgent (`su`) after one of its kind that was not. Which kind asks first after a stop, and is the
 * only one to tell of it, is chance; what both tell, before the one that told first asks at ease again, was one stop.
 */
export function shownStalls(requests: readonly Request[]): number {
  const tracks = new Map<string, Track>();
  let count = 0;
  /** Those that told of the stop that may still last. */
  let told = new Set<string>();
  for (const request of requests) {
    const type = request.mediaType ?? "video";
    if (type === "subtitle") continue;
    let track = tracks.get(type);
    if (!track) tracks.set(type, (track = new Track()));
    const shows = track.take(request);
    // The other kind may have asked before the stop was over, or may have yet to ask.
    if (shows === "ease" && told.has(type)) told.clear();
    if (shows !== "stop") continue;
    if (told.size === 0 || told.has(type)) {
      count += 1;
      told = new Set();
    }
    told.add(type);
  }
  return count;
}

/** The requests for picture, or for sound. */
class Track {
  #starved = false;
  /** A start is urgent from its first request on. */
  #urgent = true;
  #segment: number | undefined;
  #reach = new Reach();
  #seekUnsaid = false;

  /**
   * What one shows. Players say the same of a seek as of a stop, so it is none when the segment does not follow the one before,
   * when the buffer is full, or when the playhead is where playing could not have brought it; nor on the request after such a
   * one that said nothing, for hls.js may say it one late. "ease": that nothing presses.
   */
  take(request: Request): "stop" | "ease" | undefined {
    // Said of an init segment, which has no place in the film, it is judged by the segment after it.
    this.#starved ||= request.starved === true;
    if (!isArrived(request)) return undefined;
    const { segment, mediaMs, bufferMs = 0 } = request;
    const before = this.#segment;
    // Rungs of one film are cut at the same places, so a change of rendition is no jump.
    const follows = segment === undefined || before === undefined || segment === before || segment === before + 1;
    const isFull = mediaMs !== undefined && bufferMs > FULL_SEGMENTS * mediaMs;
    const jumped = !follows || !this.#reach.has(request);
    const sought = jumped || isFull;
    const urgent = request.urgent === true;
    const isDry = this.#starved || (urgent && !this.#urgent);
    const isStop = isDry && !sought && !this.#seekUnsaid;
    const isAtEase = !this.#starved && !urgent;
    this.#seekUnsaid = jumped && isAtEase;
    if (sought) this.#reach = new Reach();
    this.#reach.add(request);
    this.#starved = false;
    this.#urgent = urgent;
    this.#segment = segment ?? before;
    return isStop ? "stop" : isAtEase ? "ease" : undefined;
  }
}

/** How far playing can have brought the playhead since the last seek. */
class Reach {
  /** The furthest that playback can have been at time 0, had it played since. */
  #startMs: number | undefined;

  add({ ts, mediaStartMs, bufferMs }: Request): void {
    if (mediaStartMs === undefined) return;
    const startMs = mediaStartMs - (bufferMs ?? 0) - ts;
    this.#startMs = Math.max(this.#startMs ?? startMs, startMs);
  }

  has({ ts, mediaStartMs, bufferMs }: Request): boolean {
    if (mediaStartMs === undefined || this.#startMs === undefined) return true;
    return mediaStartMs - (bufferMs ?? 0) <= this.#startMs + ts + SLACK_MS;
  }
}
