import { once } from "node:events";
import { createReadStream } from "node:fs";
import http from "node:http";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";

/** Players that nobody here wrote. */
export type BarePlayer = "hls.js" | "Shaka Player";

const scripts: Readonly<Record<BarePlayer, string>> = {
  "hls.js": "hls.js/dist/hls.min.js",
  "Shaka Player": "shaka-player/dist/shaka-player.hls.js",
};
const barePlayers = ["hls.js", "Shaka Player"] as const satisfies readonly BarePlayer[];
const modules = path.resolve(import.meta.dirname, "../node_modules");

/** Another site: a real server of its own origin, with an empty page that holds one of the players. */
export async function serveBarePlayers(): Promise<{ origin: string; close(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://elsewhere");
    const player = barePlayers.find((name) => pathname === `/${encodeURIComponent(name)}.js`);
    if (player === undefined) {
      const script = `<script src="${pathname}.js"></script>`;
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(`<!doctype html><link rel="icon" href="data:,">${script}`);
      return;
    }
    response.writeHead(200, { "content-type": "text/javascript" });
    createReadStream(path.join(modules, scripts[player])).pipe(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** An empty page of the service's own origin that holds one of the players, as it comes out of its package. */
export async function openBarePlayer(context: BrowserContext, origin: string, player: BarePlayer): Promise<Page> {
  const page = await context.newPage();
  await page.route(`${origin}/bare/player.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", path: path.join(modules, scripts[player]) }),
  );
  await page.route(`${origin}/bare/`, (route) =>
    route.fulfill({ contentType: "text/html", body: '<!doctype html><script src="player.js"></script>' }),
  );
  await page.goto(`${origin}/bare/`);
  return page;
}

/** The codec strings that Chromium plays in fragmented MP4, by its own word. */
export const supportedIn = (page: Page, codecs: readonly string[]): Promise<string[]> =>
  page.evaluate(
    (asked) =>
      asked.filter((codec) =>
        ["video", "audio"].some((kind) => MediaSource.isTypeSupported(`${kind}/mp4; codecs="${codec}"`)),
      ),
    codecs,
  );

export interface Watch {
  readonly player: BarePlayer;
  readonly url: string;
  /** Sent as a bearer token; without one the page's cookie has to do. */
  readonly token?: string | undefined;
  /** Part of the film to seek to. */
  readonly seekTo: number;
}

/** What a viewer would have seen. */
export interface Watched {
  /** Fatal or not: nothing is lost here, so a player has nothing to complain about. */
  readonly errors: readonly string[];
  readonly size: readonly [width: number, height: number];
  readonly durationS: number;
  /** Times of the pictures that were shown from the start on, and after the seek, s. */
  readonly shown: readonly number[];
  readonly shownAfterSeek: readonly number[];
  readonly seekTargetS: number;
  /** Holes of more than a moment between what is buffered, s. */
  readonly holes: readonly (readonly [from: number, to: number])[];
  /** Bytes of sound that were decoded. */
  readonly soundBytes: number;
  readonly audioTracks: number;
  readonly subtitleTracks: number;
}

/** What of the two players is used here; the page's globals are theirs. */
interface HlsPlayer {
  loadSource(url: string): void;
  attachMedia(video: HTMLVideoElement): void;
  on(event: string, listener: (event: string, data: HlsError) => void): void;
  destroy(): void;
  readonly audioTracks: readonly unknown[];
  readonly subtitleTracks: readonly { readonly lang?: string }[];
  subtitleTrack: number;
}
interface HlsError {
  readonly type?: string;
  readonly details?: string;
  readonly fatal?: boolean;
  readonly error?: Error;
}
interface ShakaPlayer {
  configure(config: object): void;
  attach(video: HTMLVideoElement): Promise<void>;
  load(url: string): Promise<void>;
  addEventListener(
    event: string,
    listener: (event: Event & { detail?: { code?: number; data?: unknown } }) => void,
  ): void;
  getNetworkingEngine(): {
    registerRequestFilter(filter: (type: number, request: { headers: Record<string, string> }) => void): void;
  };
  destroy(): Promise<void>;
  getAudioTracks(): readonly unknown[];
  getTextTracks(): readonly { readonly language: string }[];
  selectTextTrack(track: { readonly language: string } | undefined): void;
}
declare global {
  var Hls: {
    new (config: object): HlsPlayer;
    readonly Events: { readonly ERROR: string; readonly SUBTITLE_TRACKS_UPDATED: string };
  };
  var shaka: { readonly Player: new () => ShakaPlayer };
}

/** Plays a film's beginning, seeks, and plays on, in a new video element. */
export const watch = (page: Page, what: Watch): Promise<Watched> =>
  page.evaluate(async ({ player, url, token, seekTo }) => {
    const errors: string[] = [];
    const video = document.createElement("video");
    video.muted = true;
    document.body.append(video);
    video.addEventListener("error", () => errors.push(`video: ${video.error?.message}`));

    const opened = player === "hls.js" ? openHls() : await openShaka();
    function openHls() {
      const hls = new Hls({
        enableWorker: false,
        xhrSetup: (xhr: XMLHttpRequest) => token && xhr.setRequestHeader("authorization", `Bearer ${token}`),
      });
      hls.on(Hls.Events.ERROR, (_, data) => {
        // hls.js tells of a fetch that it gave up itself, to go on at another rung.
        if (data.details === "aborted" && data.fatal === false) return;
        errors.push(`${data.type} ${data.details} ${data.error?.message ?? ""}`);
      });
      hls.loadSource(url);
      hls.attachMedia(video);
      return {
        tracks: () => [hls.audioTracks.length, hls.subtitleTracks.length],
        close: async () => hls.destroy(),
      };
    }
    async function openShaka() {
      const shakaPlayer = new shaka.Player();
      shakaPlayer.addEventListener("error", ({ detail }) =>
        errors.push(`${detail?.code} ${JSON.stringify(detail?.data)}`),
      );
      await shakaPlayer.attach(video);
      shakaPlayer.getNetworkingEngine().registerRequestFilter((_, request) => {
        if (token) request.headers["authorization"] = `Bearer ${token}`;
      });
      await shakaPlayer
        .load(url)
        .catch((error: unknown) => errors.push(`load: ${String(error)} ${JSON.stringify(error)}`));
      return {
        tracks: () => [shakaPlayer.getAudioTracks().length, shakaPlayer.getTextTracks().length],
        close: () => shakaPlayer.destroy(),
      };
    }

    let shown: number[] = [];
    const onFrame = (_: number, frame: VideoFrameCallbackMetadata) => {
      shown.push(frame.mediaTime);
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
    const happens = (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (condition() || video.ended || errors.length > 0) resolve();
          else requestAnimationFrame(look);
        };
        look();
      });

    await happens(() => video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA);
    const playing = video.play().catch((error: unknown) => errors.push(`play: ${String(error)}`));
    // As fast as a machine may show it that has other things to do.
    if (video.duration > 2) video.playbackRate = 2;
    await happens(() => video.currentTime >= Math.min(1, video.duration * 0.5) && shown.length >= 3);
    const beginning = shown;

    await playing;
    // Paused, so that the picture of the place stays until the page is told of it, however busy it is.
    video.pause();
    const seekTargetS = video.duration * seekTo;
    const isThere = (time: number) => Math.abs(time - seekTargetS) < 0.2;
    shown = [];
    video.currentTime = seekTargetS;
    await happens(() => !video.seeking);
    // What was on its way to the screen when the seek began is no part of it.
    const before = shown.length;
    await happens(() => shown.length > before || shown.some(isThere));
    const goingOn = video.play().catch((error: unknown) => errors.push(`play: ${String(error)}`));
    await happens(() => video.currentTime >= Math.min(seekTargetS + 0.5, video.duration));
    await goingOn;

    const holes: [number, number][] = [];
    for (let i = 1; i < video.buffered.length; i++) {
      const hole: [number, number] = [video.buffered.end(i - 1), video.buffered.start(i)];
      // What lies between the beginning and the place of the seek was never asked for.
      if (hole[0] > seekTargetS - 0.5) holes.push(hole);
    }
    const [audioTracks = 0, subtitleTracks = 0] = opened.tracks();
    const result = {
      errors,
      size: [video.videoWidth, video.videoHeight] as const,
      durationS: video.duration,
      shown: beginning,
      shownAfterSeek: shown.filter((time, i) => i >= before || isThere(time)),
      seekTargetS,
      holes,
      soundBytes: "webkitAudioDecodedByteCount" in video ? Number(video.webkitAudioDecodedByteCount) : 0,
      audioTracks,
      subtitleTracks,
    };
    await opened.close();
    video.remove();
    return result;
  }, what);
