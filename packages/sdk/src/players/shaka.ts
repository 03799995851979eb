import { listen, startAll } from "../observe/listen.js";
import { bufferAhead } from "../observe/playhead.js";
import { rendered } from "../record/quality.js";
import { type Adapter, hasMethods, read, versionOf } from "./engine.js";
import { logRequests } from "./requests.js";

/** What the SDK uses of a Shaka Player (4.11 and later). Fields of events are optional: what is missing is not reported. */
export interface ShakaLike extends EventTarget {
  getVariantTracks(): readonly ShakaTrack[];
  getAssetUri(): string | null;
  isLive(): boolean;
  getConfiguration(): { readonly abr: { readonly enabled: boolean } };
}

export interface ShakaTrack {
  readonly active: boolean;
  /** Peak bits per second, sound included. */
  readonly bandwidth: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly codecs: string | null;
}

/** The union of what its events carry, `detail` of `error` among it. */
interface ShakaEvent extends Event {
  readonly newTrack?: ShakaTrack;
  readonly buffering?: boolean;
  readonly detail?: ShakaError;
  readonly error?: ShakaError | null;
  readonly aborted?: boolean;
  /** `NetworkingEngine.RequestType`, and the finer `AdvancedRequestType`. */
  readonly requestType?: number;
  readonly context?: { readonly type?: number };
  readonly request?: {
    readonly uris: readonly string[];
    readonly attempt?: number;
    readonly timeToFirstByte?: number | null;
  };
  readonly response?: {
    readonly uri: string;
    readonly data?: { readonly byteLength: number };
    readonly status?: number;
    readonly timeMs?: number;
    readonly headers: Readonly<Record<string, string>>;
  };
}

interface ShakaError {
  readonly code: number;
  /** From 1: network, text, media, manifest, streaming, DRM, player. */
  readonly category: number;
  /** 2: playback can't go on. */
  readonly severity: number;
  readonly data?: readonly unknown[];
}

const MANIFEST = 0;
const SEGMENT = 1;
const kinds: Readonly<Record<number, "playlist" | "segment" | "key">> = {
  [MANIFEST]: "playlist",
  [SEGMENT]: "segment",
  2: "key",
  6: "key",
  12: "playlist",
};
const INIT_SEGMENT = 0;
const BAD_HTTP_STATUS = 1001;
/** Somebody has changed their mind: that is no failure. */
const OPERATION_ABORTED = 7001;

const isShaka = (given: unknown): given is ShakaLike =>
  hasMethods(given, "getVariantTracks", "getAssetUri", "addEventListener");

/** Shaka's own interface leaves itself on the element. */
function traced(video: HTMLVideoElement): unknown {
  const ui = read(video, "ui");
  const controls = hasMethods(ui, "getControls") && ui.getControls();
  return hasMethods(controls, "getPlayer") && controls.getPlayer();
}

export const shaka: Adapter = (given, video) => {
  const player = given ?? traced(video);
  if (!isShaka(player)) return undefined;
  return {
    name: "Shaka Player",
    version: versionOf(player),
    tellsQuality: true,
    get url() {
      return player.getAssetUri();
    },
    get isLive() {
      return player.getAssetUri() ? player.isLive() : undefined;
    },
    observe(observed) {
      const { clock, failures, playback } = observed;
      const log = logRequests(observed);
      /** The rung that was chosen, and from where on it may be seen, seconds. */
      let chosen: { track: ShakaTrack; from: number } | undefined;
      let reason: "abr" | "manual" = "abr";

      const show = (at: number, track: ShakaTrack | undefined) => {
        if (!track) return;
        const { bandwidth, width, height, codecs } = track;
        rendered(observed, { bitrateBps: bandwidth, width, height, codec: codecs }, reason, at);
      };
      const choose = ({ newTrack }: ShakaEvent) => {
        if (!newTrack) return;
        reason = player.getConfiguration().abr.enabled ? "abr" : "manual";
        chosen = { track: newTrack, from: video.currentTime + bufferAhead(video) / 1000 };
      };
      const active = () => player.getVariantTracks().find((track) => track.active);
      // It tells what it has chosen, not what is seen: that is told by the size of the picture, or where that stays the
      // same, by the end of what was there before the choice.
      const look = (event: Event) => {
        const at = clock.eventTime(event);
        const { videoHeight, currentTime } = video;
        const fits = (track: ShakaTrack | undefined) => track?.height === videoHeight;
        if (!videoHeight) return;
        if (observed.rendered.bitrateBps === undefined || event.type === "resize")
          show(at, [chosen?.track, active(), ...player.getVariantTracks()].find(fits) ?? active());
        else if (chosen && fits(chosen.track) && currentTime >= chosen.from) show(at, chosen.track);
      };
      const fail = (error: ShakaError, fatal: boolean, status?: unknown) =>
        failures.report({
          code: `shaka_${error.code}`,
          fatal,
          category: ["other", "network", "other", "media", "mux", "media", "key"][error.category] ?? "other",
          status: typeof status === "number" ? status : undefined,
        });

      const on = (type: string, handler: (event: ShakaEvent) => void) => () => listen(player, [type], handler);
      return startAll([
        on("manifestparsed", () => playback.load(clock.now(), player.getAssetUri())),
        // It waits at a speed of 0, of which the element may say `waiting` late or never.
        on("buffering", ({ buffering }) => {
          if (buffering && !video.paused && !video.ended && !video.seeking) playback.stall(clock.now());
        }),
        on("adaptation", choose),
        on("variantchanged", choose),
        () => listen(video, ["loadeddata", "resize", "timeupdate"], look),
        on("downloadcompleted", ({ requestType = -1, context, request, response }) => {
          const kind = kinds[requestType];
          if (!kind || !response) return;
          log.loaded({
            kind: kind === "segment" && context?.type === INIT_SEGMENT ? "init" : kind,
            url: response.uri,
            durationMs: response.timeMs ?? Number.NaN,
            ttfbMs: request?.timeToFirstByte ?? undefined,
            bytes: response.data?.byteLength,
            status: response.status,
            retries: request?.attempt,
            header: (name) => response.headers[name],
          });
        }),
        on("downloadfailed", ({ requestType, error, aborted }) => {
          // That the film could not be loaded at all, it tells only to whom called `load`.
          if (error && !aborted && error.code !== OPERATION_ABORTED)
            fail(error, requestType === MANIFEST && !playback.started, error.data?.[1]);
        }),
        on("error", ({ detail }) => {
          if (detail) fail(detail, detail.severity === 2, detail.code === BAD_HTTP_STATUS && detail.data?.[1]);
        }),
      ]);
    },
  };
};
