import type { PlaybackReply } from "@playhead/protocol";
import { createHeadStart, type HeadStart } from "./head-start.js";

/** A film through playlists, whose first picture and sound at the playhead are here. */
export interface EnteredPlaylists {
  readonly reply: PlaybackReply;
  readonly headStart: HeadStart;
}

export interface EnterOptions {
  /** Asks for playback through playlists, from where the playhead is. */
  readonly ask: () => Promise<PlaybackReply>;
  /** Plays the file meanwhile. */
  readonly video: HTMLVideoElement;
  readonly giveUp: (reply: PlaybackReply) => void;
  readonly signal: AbortSignal;
}

/** The playhead is no further than this behind or beyond the place that was fetched, seconds. */
const NEAR_S = 0.5;
/** A server that can't begin is asked again after this, twice as long each time, ms. */
const RETRY_MS = 2_000;
const MOST_RETRY_MS = 60_000;

/**
 * Makes playlists ready while the file itself plays on: however long the server takes to begin, nobody waits for it.
 * Undefined once `signal` has aborted.
 */
export async function enterPlaylists(options: EnterOptions): Promise<EnteredPlaylists | undefined> {
  const { signal } = options;
  for (let waitMs = RETRY_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, MOST_RETRY_MS)) {
    const entered = await tryOnce(options).catch(() => undefined);
    if (entered && !signal.aborted) return entered;
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return undefined;
}

async function tryOnce({ ask, video, giveUp, signal }: EnterOptions): Promise<EnteredPlaylists | undefined> {
  const reply = await ask();
  const headStart = createHeadStart(reply.playlists);
  const leave = (): undefined => {
    headStart.drop();
    giveUp(reply);
  };
  if (signal.aborted) return leave();
  signal.addEventListener("abort", leave);
  try {
    for (let leadS = 0; !signal.aborted; ) {
      const from = performance.now();
      const atS = video.currentTime + (video.paused ? 0 : leadS * video.playbackRate);
      await headStart.fetchFirst(atS);
      const tookS = (performance.now() - from) / 1000;
      if (await arrivesAt(video, atS, signal)) break;
      // Aimed so far ahead that it would have been in time.
      leadS = Math.max(leadS, tookS) + NEAR_S;
    }
  } catch (error) {
    if (!signal.aborted) leave();
    throw error;
  } finally {
    signal.removeEventListener("abort", leave);
  }
  return { reply, headStart };
}

/** Waits for the playhead to come there. False where it is past that, or goes elsewhere. */
function arrivesAt(video: HTMLVideoElement, atS: number, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  return new Promise<boolean>((resolve) => {
    const look = (event?: Event): void => {
      const aheadS = atS - video.currentTime;
      if (Math.abs(aheadS) <= NEAR_S) resolve(true);
      else if (aheadS < 0 || signal.aborted || (event && event.type !== "timeupdate")) resolve(false);
    };
    const either = AbortSignal.any([signal, over.signal]);
    for (const type of ["timeupdate", "seeking", "pause"]) video.addEventListener(type, look, { signal: either });
    signal.addEventListener("abort", () => resolve(false), { signal: over.signal });
    look();
  }).finally(() => over.abort());
}
