import type { PlaybackReply } from "@playhead/protocol";
import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import type { HeadStart } from "./head-start.js";
import type { HlsLease } from "./hls-lease.js";
import { hlsSettings } from "./hls-settings.js";
import { beginWith } from "./ladder/begin-with.js";
import { keepPlaylistTimes } from "./ladder/keep-playlist-times.js";
import { ladderAbr } from "./ladder/ladder-abr.js";
import type { PlayerFailure, Recovery } from "./recovery.js";
import { renewingLoader } from "./renewing-loader.js";

/** The player's own chunk; the item's page loads it ahead. */
export const loadHls = () => import("hls.js").then((module) => module.default);

/** What hls.js plays, and what is there of it before it asks. */
export interface HlsSource {
  readonly url: string;
  readonly startS: number;
  readonly lease: HlsLease;
  /** The server's answer: its ladder, and the rung to begin with. */
  readonly reply: Pick<PlaybackReply, "rungs" | "firstRung">;
  readonly headStart: HeadStart;
  /** What its requests carry. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

export interface HlsPlayerOptions extends HlsSource {
  readonly video: HTMLVideoElement;
  /** One that was made ready on this element before; it has its source already. */
  readonly prepared?: Hls | undefined;
  readonly recovery: Recovery;
  /** Before the source is set: who listens must miss nothing. */
  readonly onCreated: (hls: Hls) => void;
  /** The codecs that the browser claims do not play: have the file converted. */
  readonly onUnplayable: () => void;
  /** Nothing helped; `message` is the server's where it gave one. */
  readonly onFailed: (failure: PlayerFailure, message: string | undefined) => void;
  /** An error is being dealt with (true), or was (false). */
  readonly onTrouble: (troubled: boolean) => void;
  readonly signal: AbortSignal;
}

/** hls.js as it plays here, still without an element. */
export function createHls(HlsClass: typeof Hls, source: HlsSource): Hls {
  const { lease, headStart, headers, reply } = source;
  const loader = renewingLoader(HlsClass.DefaultConfig.loader, lease, { headStart, ...(headers && { headers }) });
  const originals = new Set(reply.rungs?.flatMap((rung) => (rung.original ? rung.rendition : [])));
  const abrController = ladderAbr(HlsClass, (rendition) => originals.has(rendition));
  const hls = new HlsClass({ ...hlsSettings(source.startS), loader, abrController });
  keepPlaylistTimes(HlsClass, hls);
  hls.on(HlsClass.Events.MANIFEST_PARSED, () => beginWith(hls, reply.firstRung));
  return hls;
}

/** Plays a playlist through hls.js until `signal` aborts. */
export function playThroughHls(HlsClass: typeof Hls, options: HlsPlayerOptions): void {
  const { video, lease, recovery, signal, prepared } = options;
  const hls = prepared ?? createHls(HlsClass, options);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let goodSince: number | undefined;

  hls.on(HlsClass.Events.ERROR, (_, data) => {
    // hls.js also tells of what it aborted itself, at every seek: that is no trouble.
    if (data.details === HlsClass.ErrorDetails.INTERNAL_ABORTED) return;
    goodSince = undefined;
    if (data.fatal) remedy(data);
  });
  hls.on(HlsClass.Events.FRAG_BUFFERED, () => {
    options.onTrouble(false);
    goodSince ??= performance.now();
    if (performance.now() - goodSince > 20_000) recovery.forgive();
  });

  const reload = () => {
    if (hls.levels.length === 0) hls.loadSource(lease.current(options.url));
    else hls.startLoad(video.currentTime);
  };

  // A browser pauses what it can't decode: that is no wish of the viewer's.
  let wanted = !video.paused;
  const follow = () => {
    if (video.error === null) wanted = !video.paused;
  };
  for (const type of ["play", "pause"]) video.addEventListener(type, follow, { signal });
  // hls.js mends some errors by itself with a new source, which leaves the element paused (HTML, "media element load algorithm").
  hls.on(HlsClass.Events.MEDIA_ATTACHED, () => {
    if (wanted && video.paused) video.play().catch(() => undefined);
  });
  const remedy = (data: ErrorData) => {
    if (data.details === HlsClass.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) return options.onUnplayable();
    const failure = failureOf(data, HlsClass.ErrorTypes);
    const next = recovery.remedyFor(failure);
    options.onTrouble(true);
    switch (next.kind) {
      case "reload":
        timer = setTimeout(reload, next.afterMs);
        return;
      case "recover-media":
        return hls.recoverMediaError();
      case "swap-audio-codec":
        hls.swapAudioCodec();
        return hls.recoverMediaError();
      case "convert":
        return options.onUnplayable();
      case "give-up":
        hls.stopLoad();
        return options.onFailed(failure, serverMessage(data.networkDetails));
    }
  };

  // Back online before the next try is due.
  const onOnline = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    reload();
  };
  addEventListener("online", onOnline, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    hls.destroy();
    options.headStart.drop();
  });

  options.onCreated(hls);
  if (prepared) return;
  hls.attachMedia(video);
  hls.loadSource(options.url);
}

function failureOf(data: ErrorData, types: typeof Hls.ErrorTypes): PlayerFailure {
  const status = data.response?.code ?? 0;
  if (data.type === types.NETWORK_ERROR) return { category: "network", status };
  const media = data.type === types.MEDIA_ERROR || data.type === types.MUX_ERROR;
  return { category: media ? "media" : "other", status };
}

/** The server explains its refusals in JSON; hls.js asked for bytes. */
function serverMessage(details: unknown): string | undefined {
  if (!(details instanceof XMLHttpRequest)) return undefined;
  try {
    const raw: unknown = details.response;
    const text = raw instanceof ArrayBuffer ? new TextDecoder().decode(raw) : String(raw);
    const reply: unknown = JSON.parse(text);
    if (typeof reply !== "object" || reply === null || !("error" in reply)) return undefined;
    const { error } = reply;
    if (typeof error !== "object" || error === null || !("message" in error)) return undefined;
    return typeof error.message === "string" ? error.message : undefined;
  } catch {
    return undefined;
  }
}
