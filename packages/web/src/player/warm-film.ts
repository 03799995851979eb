import type { MediaReply, PreloadReply } from "@playhead/protocol";
import { isCostly, isSlow } from "../api/connection.js";
import { request } from "../api/request.js";
import { expectDelivery } from "../item/expectation.js";
import type { Capabilities } from "./capabilities.js";
import { loadHls } from "./hls-player.js";
import { chosenQuality } from "./ladder/quality-choice.js";
import { showsHdr, viewerMeans } from "./ladder/viewer-means.js";
import { type PreparedFilm, prepareFilm } from "./prepared-film.js";

/** At most this is fetched for a film that nobody may watch, bytes; but one segment, where that is not much more. */
const AHEAD_BYTES = 3_000_000;
const AHEAD_S = 4;
/** Above this a single segment would be too much, bits per second: only the server is asked to get ready. */
const HEAVY_BPS = 24_000_000;
/** A film that stands ready for so long is not about to be played, ms. */
const KEEP_MS = 5 * 60_000;
/** The server keeps what it prepared for 45 s; near the end of that it is asked again, ms. */
const RENEW_MS = 35_000;

interface Warming {
  readonly mediaId: string;
  readonly positionMs: number;
  holders: number;
  /** A later sign that Play is near: has the server keep, or make again, what it prepared. */
  renew(): void;
  /** Play was pressed: nothing is cancelled any more. Gives what is ready. */
  claim(): PreparedFilm | undefined;
  cancel(): void;
}

/** One at a time: the film whose page is open, or the next episode. */
let current: Warming | undefined;

/** What `warmFilm` gives its caller. */
export interface WarmUp {
  /** The pointer or the focus comes near Play. */
  renew(): void;
  /** The page is left. What nobody claims by the next turn is cancelled, here and on the server. */
  leave(): void;
}

/** Makes a film ready to be played from `positionMs`, where that helps and the connection is not a costly one. */
export function warmFilm(media: MediaReply, capabilities: Capabilities, positionMs: number): WarmUp {
  const none = { renew: () => undefined, leave: () => undefined };
  if (media.status !== "ready" || isCostly()) return none;
  if (expectDelivery(media, capabilities, showsHdr()).delivery === "direct") return none;
  let mine = current;
  if (mine?.mediaId !== media.id || mine.positionMs !== positionMs) {
    mine?.cancel();
    current = mine = startWarming(media, capabilities, positionMs);
  }
  const held = mine;
  held.holders++;
  return {
    renew: () => held.renew(),
    leave() {
      held.holders--;
      // The player page that follows claims it in the same turn.
      setTimeout(() => {
        if (held.holders === 0) held.cancel();
      });
    },
  };
}

/** Takes the film over for the player. Undefined where nothing is ready at this place; the server's part is kept even so. */
export function claimFilm(mediaId: string, positionMs: number): PreparedFilm | undefined {
  if (current?.mediaId !== mediaId) return undefined;
  const film = current.claim();
  if (film?.positionMs === positionMs) return film;
  film?.dispose();
  return undefined;
}

function startWarming(media: MediaReply, capabilities: Capabilities, positionMs: number): Warming {
  const path = `/api/v1/hls/preload/${encodeURIComponent(media.id)}`;
  const ask = () => {
    const body = { ...viewerMeans(), supported: capabilities.supported, positionMs };
    return request<PreloadReply>(path, { method: "POST", body });
  };
  const stop = new AbortController();
  const { signal } = stop;
  let film: PreparedFilm | undefined;
  let askedAt = performance.now();
  let asked = ask();
  /** What the viewer had chosen then: another choice means another rung. */
  let quality = chosenQuality();
  const discard = (): void => {
    film?.dispose();
    film = undefined;
  };
  const timer = setTimeout(discard, KEEP_MS);
  /** Nothing more happens; what there is stays. */
  const finish = (): void => {
    stop.abort();
    clearTimeout(timer);
    if (current === warming) current = undefined;
  };

  const make = async (): Promise<void> => {
    const mine = quality;
    const [reply, HlsClass] = await Promise.all([asked, loadHls()]);
    const aheadS = aheadOf(media);
    if (signal.aborted || mine !== quality || aheadS === 0 || isSlow() || !playsHere(capabilities)) return;
    film = prepareFilm(HlsClass, { mediaId: media.id, positionMs, reply, aheadS, ask, onFailed: discard });
  };
  // Playback switched off, nothing to prepare, no server: Play will find out.
  make().catch(() => undefined);

  // The tab is closed, or goes elsewhere: no request outlives it but a beacon.
  addEventListener("pagehide", () => navigator.sendBeacon(`${path}/cancel`), { signal });

  const warming: Warming = {
    mediaId: media.id,
    positionMs,
    holders: 0,
    renew() {
      if (signal.aborted) return;
      const isOther = chosenQuality() !== quality;
      if (!isOther && performance.now() - askedAt < RENEW_MS) return;
      askedAt = performance.now();
      asked = ask();
      asked.catch(() => undefined);
      if (!isOther) return;
      quality = chosenQuality();
      discard();
      make().catch(() => undefined);
    },
    claim() {
      finish();
      if (chosenQuality() !== quality) discard();
      const claimed = film;
      film = undefined;
      return claimed;
    },
    cancel() {
      if (signal.aborted) return;
      finish();
      discard();
      // After the answer, lest it overtake the question.
      const cancel = () => request(path, { method: "DELETE", keepalive: true });
      asked.then(cancel).catch(() => undefined);
    },
  };
  return warming;
}

/** Seconds of this film that may be fetched for nothing; 0 where it is too heavy for that. */
function aheadOf({ sizeBytes, durationMs }: MediaReply): number {
  if (!sizeBytes || !durationMs) return AHEAD_S;
  const bps = (sizeBytes * 8_000) / durationMs;
  if (bps > HEAVY_BPS) return 0;
  return Math.min(AHEAD_S, (AHEAD_BYTES * 8) / bps);
}

/** Safari's managed source opens only for an element that is shown. */
function playsHere({ engine }: Capabilities): boolean {
  return engine === "mse" && !("ManagedMediaSource" in globalThis);
}
