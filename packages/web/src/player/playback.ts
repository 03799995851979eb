import type { MediaReply, PlaybackReply, PlaybackRequest } from "@playhead/protocol";
import { type ReadonlySignal, signal } from "@preact/signals";
import type Hls from "hls.js";
import { isCostly, isSlow } from "../api/connection.js";
import { request } from "../api/request.js";
import type { Capabilities } from "./capabilities.js";
import { type EnteredPlaylists, enterPlaylists } from "./enter-playlists.js";
import { playAddress } from "./file-player.js";
import { createHeadStart } from "./head-start.js";
import { createHlsLease, type HlsLease } from "./hls-lease.js";
import { loadHls, playThroughHls } from "./hls-player.js";
import { createLevelSwitch } from "./ladder/level-switch.js";
import { viewerMeans } from "./ladder/viewer-means.js";
import type { PreparedFilm } from "./prepared-film.js";
import { createRecovery, type PlayerFailure } from "./recovery.js";
import { seekParts } from "./seek-parts.js";

export type PlaybackState =
  | { readonly kind: "starting" }
  | { readonly kind: "ready" }
  /** The browser wants a click before it plays with sound. */
  | { readonly kind: "blocked" }
  /** Something failed and is being tried again. */
  | { readonly kind: "recovering" }
  | { readonly kind: "failed"; readonly message: string };

/** One film in one video element: asks the server how, plays it, keeps it going, and gives everything back at the end. */
export interface Playback {
  readonly state: ReadonlySignal<PlaybackState>;
  /** How the film is delivered; undefined until the server said. */
  readonly plan: ReadonlySignal<PlaybackReply | undefined>;
  /** Present while hls.js plays. */
  readonly hls: ReadonlySignal<Hls | undefined>;
  /** Starts over where it stands, after a failure. */
  retry(): void;
  /** The viewer's click that the browser asked for. */
  unblock(): void;
  /** Plays through playlists even where the file would do: there its other audio tracks can be chosen. */
  preferHls(): void;
  /** Shows this rendition of the ladder from soon on, undefined: whichever fits best. What plays goes on until it is there. */
  turnTo(rendition: string | undefined): void;
  /** Has subtitle pictures drawn into the video, which is converted for it; undefined: none. Playback goes on where it is. */
  burnSubtitle(index: number | undefined): void;
  /** The viewer may go there, seconds: it is fetched where that costs the server next to nothing. Undefined: not any more. */
  expect(atS: number | undefined): void;
  stop(): void;
}

export interface PlaybackOptions {
  readonly video: HTMLVideoElement;
  readonly media: MediaReply;
  readonly capabilities: Capabilities;
  readonly positionMs: number;
  /** The server's first answer, where it was asked ahead: while the page was still being drawn. */
  readonly plan?: Promise<PlaybackReply>;
  /** The film on `video`, where it was made ready ahead; `plan` then only tells the server that it is played now. */
  readonly prepared?: PreparedFilm | undefined;
  /** Before the video element gets its source. */
  readonly onSource: (plan: PlaybackReply, hls: Hls | undefined) => void;
  /** The server's session was replaced by another one, at the same place. */
  readonly onSession: (hlsSessionId: string) => void;
}

const HEARTBEAT_MS = 30_000;

type Ask = Pick<PlaybackRequest, "supported" | "prefer" | "burnSubtitle">;

export function startPlayback(options: PlaybackOptions): Playback {
  const { video, media, capabilities } = options;
  const state = signal<PlaybackState>({ kind: "starting" });
  const plan = signal<PlaybackReply | undefined>(undefined);
  const hls = signal<Hls | undefined>(undefined);
  const recovery = createRecovery();
  let attempt = new AbortController();
  let ask = firstAsk(capabilities);
  let planned = options.plan;
  let prepared = options.prepared;
  let expectPlace: Playback["expect"] = () => undefined;
  let turnTo: Playback["turnTo"] | undefined;

  /** Chosen before there was a player to choose in. */
  let early: string | undefined;
  let entering = new AbortController();

  /** From here on nothing of the attempt before may speak. */
  const start = (positionMs: number, entered?: EnteredPlaylists): void => {
    // Asked before the element loses its source, and with it that it plays.
    const staysPaused = entered !== undefined && video.paused;
    attempt.abort();
    attempt = new AbortController();
    early = undefined;
    const { signal } = attempt;
    state.value = { kind: "starting" };
    run(positionMs, signal, entered, staysPaused).catch((error: unknown) => {
      if (!signal.aborted) fail(error instanceof Error ? error.message : String(error));
    });
  };

  const here = () => Math.round(video.currentTime * 1000);
  const fail = (message: string) => {
    state.value = { kind: "failed", message };
  };

  const run = async (
    positionMs: number,
    signal: AbortSignal,
    entered?: EnteredPlaylists,
    staysPaused = false,
  ): Promise<void> => {
    const asked = () => playbackOf({ mediaId: media.id, positionMs: positionMs || here(), ...ask });
    // Fetched beside the question, where its answer will most likely need it.
    if (capabilities.engine === "mse" && ask.prefer) loadHls().catch(() => undefined);
    const answer = entered ? Promise.resolve(entered.reply) : (planned ?? asked());
    planned = undefined;
    const film = prepared;
    prepared = undefined;
    const reply = film?.reply ?? (await answer);
    if (signal.aborted) return endSession(reply.hlsSessionId);
    plan.value = reply;

    const headStart = film?.headStart ?? entered?.headStart ?? createHeadStart(reply.playlists);
    // Beside hls.js' own start: it takes over what is under way by then, and asks anew for what failed.
    if (!film && capabilities.engine === "mse") headStart.fetchFirst(positionMs / 1000).catch(() => undefined);

    const owner = {
      ask: asked,
      onRenewed: options.onSession,
      onChanged: (next: PlaybackReply) => {
        endSession(next.hlsSessionId);
        start(here());
      },
    };
    film?.adopt(owner);
    const fetchText = (url: string) => fetch(url, { signal }).then((response) => response.text());
    const lease = film?.lease ?? createHlsLease({ reply, fetchText, ...owner });
    if (lease) holdSession(lease, signal);
    // One that has expired while its page was read is replaced without a word. What else is wrong the next segment tells.
    if (film) film.lease.confirm(answer).catch(() => undefined);

    const startS = positionMs / 1000;
    const shared = {
      video,
      url: reply.url,
      startS,
      recovery,
      signal,
      onUnplayable: () => convert(reply),
      onFailed: (failure: PlayerFailure, message: string | undefined) => fail(message ?? explain(failure)),
      onTrouble: (troubled: boolean) => {
        if (state.peek().kind === (troubled ? "ready" : "recovering")) {
          state.value = { kind: troubled ? "recovering" : "ready" };
        }
      },
    };
    if (lease && capabilities.engine === "mse") {
      const HlsClass = film?.HlsClass ?? (await loadHls());
      if (signal.aborted) return;
      playThroughHls(HlsClass, {
        ...shared,
        lease,
        reply,
        headStart,
        prepared: film?.hls,
        onCreated: (created) => {
          hls.value = created;
          expectPlace = (atS) => {
            const parts = atS === undefined || isCostly() || isSlow() ? [] : seekParts(created, reply, atS);
            headStart.fetchPlace(parts.map((url) => lease.current(url)));
          };
          const isOriginal = (name: string) =>
            reply.rungs?.find(({ rendition }) => rendition === name)?.original ?? false;
          const current = (url: string) => lease.current(url);
          const levels = createLevelSwitch(HlsClass, created, { headStart, current, isOriginal });
          turnTo = (rendition) => levels.turnTo(rendition);
          if (early !== undefined) levels.turnTo(early);
          signal.addEventListener("abort", () => levels.stop());
          options.onSource(reply, created);
        },
      });
    } else {
      hls.value = undefined;
      options.onSource(reply, undefined);
      playAddress({ ...shared, onSessionOver: (atS) => start(atS * 1000) });
    }
    signal.addEventListener("abort", () => {
      hls.value = undefined;
      expectPlace = () => undefined;
      turnTo = undefined;
    });
    if (staysPaused) state.value = { kind: "ready" };
    else await play(signal);
  };

  /** From the file to playlists, at the same place: the file plays on until they are there. */
  const preferHls = async (): Promise<void> => {
    entering.abort();
    entering = new AbortController();
    const signal = AbortSignal.any([entering.signal, attempt.signal]);
    const wanted = { ...ask, prefer: "hls" as const };
    if (capabilities.engine === "mse") loadHls().catch(() => undefined);
    const entered = await enterPlaylists({
      ask: () => playbackOf({ mediaId: media.id, positionMs: here(), ...wanted }),
      video,
      giveUp: ({ hlsSessionId }) => endSession(hlsSessionId),
      signal,
    });
    if (!entered) return;
    ask = wanted;
    start(here(), entered);
  };

  const play = async (signal: AbortSignal): Promise<void> => {
    try {
      await video.play();
      if (!signal.aborted) state.value = { kind: "ready" };
    } catch (error) {
      if (signal.aborted || !(error instanceof DOMException)) return;
      if (error.name === "NotAllowedError") state.value = { kind: "blocked" };
      // Paused by the viewer before it began; everything else arrives as an error of the player.
      else if (error.name === "AbortError" && video.paused) state.value = { kind: "ready" };
    }
  };

  /** One step down: from the file to playlists, from copied streams to converted ones. */
  const convert = (failed: PlaybackReply): void => {
    if (failed.delivery === "direct" && ask.prefer === undefined) ask = { ...ask, prefer: "hls" };
    else if (ask.supported.length > 0) ask = { ...ask, supported: [], prefer: "hls" };
    else return fail("This browser can’t play the film, not even converted.");
    start(here());
  };

  start(options.positionMs);
  return {
    state,
    plan,
    hls,
    retry: () => start(here() || options.positionMs),
    unblock: () => void play(attempt.signal),
    preferHls: () => void preferHls(),
    turnTo: (rendition) => {
      if (turnTo) return turnTo(rendition);
      const { delivery, rungs } = plan.peek() ?? {};
      const rung = rungs?.find((each) => each.rendition === rendition);
      early = rendition;
      if (delivery !== "direct") return;
      // The file itself is its original; every other rung is in the playlists only.
      if (rung && !rung.original) void preferHls();
      else entering.abort();
    },
    burnSubtitle: (index) => {
      const { burnSubtitle: before, ...others } = ask;
      if (before === index) return;
      ask = { ...others, ...(index !== undefined && { burnSubtitle: index }) };
      start(here());
    },
    expect: (atS) => expectPlace(atS),
    stop: () => attempt.abort(),
  };
}

/** Asks how the film is played here, before there is a player. The answer belongs to `startPlayback`, or to `giveUpPlan`. */
export function askForPlan(media: MediaReply, capabilities: Capabilities, positionMs: number): Promise<PlaybackReply> {
  const plan = playbackOf({ mediaId: media.id, positionMs, ...firstAsk(capabilities) });
  // Whoever waits for it hears of its failure; until then it is no unhandled one.
  plan.catch(() => undefined);
  return plan;
}

/** The player will not come: gives the session back as soon as its name is known. */
export function giveUpPlan(plan: Promise<PlaybackReply>): void {
  plan.then(
    (reply) => endSession(reply.hlsSessionId),
    () => undefined,
  );
}

function firstAsk({ supported, playsFile }: Capabilities): Ask {
  return { supported: [...supported], ...(!playsFile && { prefer: "hls" as const }) };
}

function playbackOf(body: PlaybackRequest): Promise<PlaybackReply> {
  return request<PlaybackReply>("/api/v1/playback", { method: "POST", body: { ...viewerMeans(), ...body } });
}

/** Keeps the session while the page is open, paused or not, and gives it back when the attempt is over. */
function holdSession(lease: HlsLease, signal: AbortSignal): void {
  const timer = setInterval(() => {
    // One that has ended is renewed when the player next needs a segment, not before.
    request(`/api/v1/hls/${lease.id}/heartbeat`, { method: "POST" }).catch(() => undefined);
  }, HEARTBEAT_MS);
  const end = () => endSession(lease.id);
  // A page kept in the back-forward cache finds its session ended, and renews it.
  addEventListener("pagehide", end, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    end();
  });
}

function endSession(id: string | undefined): void {
  if (id === undefined) return;
  request(`/api/v1/hls/${id}`, { method: "DELETE", keepalive: true }).catch(() => undefined);
}

function explain({ category, status }: PlayerFailure): string {
  if (category === "network" && status === 0)
    return "The server can’t be reached. Is it running, and is this device online?";
  if (category === "network") return `The server could not deliver this part of the film (${status}).`;
  return "This browser failed to decode the film.";
}
