import type { MediaReply, PlaybackReply } from "@playhead/protocol";
import { type ReadPlaylist, readMaster } from "../../e2e/playlist.js";
import type { RunningService } from "../../e2e/service.js";
import type { Random } from "../random.js";

/** What all players did, and what they were not given. */
export interface Tally {
  films: number;
  segments: number;
  seeks: number;
  bytes: number;
  /** Segments given up while they were under way. */
  abandoned: number;
  renewed: number;
  /** 503: the server had no encoder free, and said so. */
  busy: number;
  /** Whatever else went wrong: none may. */
  readonly failures: string[];
}

interface Playing {
  readonly service: RunningService;
  readonly token: string;
  readonly random: Random;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/** One viewer until the signal: opens a film, plays, seeks, storms, pauses, and leaves with or without a word. */
export async function watchOnAndOn(films: readonly MediaReply[], playing: Playing): Promise<void> {
  const { random, tally, signal } = playing;
  while (!signal.aborted) {
    const film = films[random.below(films.length)];
    if (film === undefined) return;
    try {
      await watch(film, playing);
      tally.films++;
    } catch (error) {
      if (!signal.aborted) tally.failures.push(`${film.path}: ${String(error)}`);
      await pause(1_000, signal);
    }
  }
}

async function watch(film: MediaReply, playing: Playing): Promise<void> {
  const { random, signal } = playing;
  // Now and then a browser that plays less of it.
  const plays = /hvc1|hev1|ac-3|mp4v|mp3/;
  const supported = film.codecs.filter((codec) => !plays.test(codec) && !random.chance(0.1));
  let opened = await open(film, supported, playing);
  if (opened.delivery === "direct") return await readFile(opened.url, playing);
  const storms = 1 + random.below(4);
  for (let n = 0; n < storms && !signal.aborted; n++) {
    try {
      await playFrom(random.next(), opened.playlists, playing);
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
      playing.tally.renewed++;
      opened = await open(film, supported, playing);
    }
    // Some pauses outlast the session.
    if (random.chance(0.3)) await pause(random.chance(0.1) ? 12_000 : 1_500, signal);
  }
  // Half of them close the tab without a word.
  if (random.chance(0.5)) await ask(`/api/v1/hls/${opened.sessionId}`, playing, { method: "DELETE" }).catch(() => {});
}

/** A seek, perhaps by way of several others, and what is played from there. */
async function playFrom(share: number, playlists: readonly ReadPlaylist[], playing: Playing): Promise<void> {
  const { random, tally, signal } = playing;
  const storm = random.chance(0.2) ? 6 : 0;
  for (let n = 0; n < storm && !signal.aborted; n++) await giveUp(random.next(), playlists, playing);
  tally.seeks += storm + 1;
  const count = 1 + random.below(6);
  for (let n = 0; n < count && !signal.aborted; n++) {
    await Promise.all(
      playlists.map(async ({ segments, init }) => {
        const segment = segments[Math.min(segments.length - 1, Math.floor(share * segments.length) + n)];
        if (n === 0) await take(init.pathname, playing);
        if (segment !== undefined) await take(segment.url.pathname, playing);
      }),
    );
  }
}

/** Asks for a segment and lets go of it before it can be there. */
async function giveUp(share: number, playlists: readonly ReadPlaylist[], playing: Playing): Promise<void> {
  const segments = playlists[0]?.segments ?? [];
  const segment = segments[Math.floor(share * segments.length)];
  if (segment === undefined) return;
  const leave = new AbortController();
  const asked = ask(segment.url.pathname, playing, { signal: leave.signal }).then(
    (response) => response.body?.cancel(),
    () => undefined,
  );
  await pause(20 + playing.random.below(60), playing.signal);
  leave.abort();
  await asked;
  playing.tally.abandoned++;
}

async function take(pathname: string, playing: Playing): Promise<void> {
  const response = await ask(pathname, playing, { signal: playing.signal });
  if (response.status === 410) {
    await response.body?.cancel();
    throw new Gone();
  }
  if (response.status === 503) {
    playing.tally.busy++;
    await response.body?.cancel();
    await pause(1_000, playing.signal);
    return;
  }
  if (!response.ok) throw new Error(`${pathname}: ${response.status} ${await response.text()}`);
  playing.tally.bytes += (await response.arrayBuffer()).byteLength;
  playing.tally.segments++;
}

/** Reads ranges of the file here and there, and leaves in the middle of the last one. */
async function readFile(url: string, playing: Playing): Promise<void> {
  const { random, tally, signal } = playing;
  const size = Number((await ask(url, playing, { method: "HEAD" })).headers.get("content-length"));
  for (let n = 1 + random.below(5); n > 0 && !signal.aborted; n--) {
    tally.seeks++;
    const from = Math.floor(random.next() * size);
    const to = Math.min(size - 1, from + 500_000);
    const response = await ask(url, playing, { headers: { range: `bytes=${from}-${to}` }, signal });
    if (response.status !== 206) throw new Error(`${url}: ${response.status}`);
    if (n === 1) await response.body?.cancel();
    else tally.bytes += (await response.arrayBuffer()).byteLength;
    tally.segments++;
  }
}

async function open(film: MediaReply, supported: readonly string[], playing: Playing) {
  const { service, token } = playing;
  const reply = await service.json<PlaybackReply>("/api/v1/playback", {
    method: "POST",
    body: JSON.stringify({ mediaId: film.id, supported, positionMs: 0 }),
    token,
  });
  const { delivery, url, hlsSessionId: sessionId } = reply;
  if (delivery === "direct") return { delivery, url, sessionId, playlists: [] };
  const as = { ...service, fetch: (pathname: string, init = {}) => service.fetch(pathname, { ...init, token }) };
  return { delivery, url, sessionId, playlists: await readMaster(as, new URL(url, service.origin)) };
}

const ask = (pathname: string, { service, token }: Playing, init: RequestInit = {}) =>
  service.fetch(pathname, { ...init, token });

/** The session has ended: its player asks for playback again. */
class Gone extends Error {}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
