import { guard } from "../observe/guard.js";
import { listen, type Stop, startAll } from "../observe/listen.js";
import { rendered } from "../record/quality.js";
import { type Adapter, hasMethods, read } from "./engine.js";
import { type Loaded, logRequests } from "./requests.js";

/** What the SDK uses of a Video.js player (8 and later), and of the engine for HLS and DASH that it brings, VHS. */
export interface VideoJsLike {
  on(type: string, listener: (event: VideoJsEvent) => void): void;
  off(type: string, listener: (event: VideoJsEvent) => void): void;
  version(): { readonly "video.js": string };
  currentSrc(): string;
  duration(): number | undefined;
  /** Its argument says that one knows what one does. */
  tech(safety: unknown): Tech | undefined;
  error(): { readonly code: number; readonly message?: string; readonly status?: number } | null | undefined;
}

interface VideoJsEvent {
  readonly name?: string;
}

interface Tech {
  readonly vhs?: Vhs;
  on(type: string, listener: (event: VideoJsEvent) => void): void;
  off(type: string, listener: (event: VideoJsEvent) => void): void;
  textTracks(): ArrayLike<SegmentTrack>;
}

type OnResponse = (request: VhsRequest, error: unknown, response: { readonly statusCode?: number }) => void;

interface Vhs {
  readonly xhr: { onResponse?(hook: OnResponse): void; offResponse?(hook: OnResponse): void };
}

interface VhsRequest {
  readonly uri?: string;
  readonly requestType?: string;
  /** `Date.now()`. */
  readonly requestTime?: number;
  readonly aborted?: boolean;
  readonly status?: number;
  readonly response?: unknown;
  getResponseHeader?(name: string): string | null;
}

/** What VHS notes on its `segment-metadata` track for each segment that was appended. */
interface SegmentTrack {
  readonly label: string;
  readonly activeCues: ArrayLike<SegmentCue> | null;
}
interface SegmentCue {
  readonly value?: {
    readonly bandwidth?: number;
    readonly resolution?: { readonly width: number; readonly height: number };
    readonly codecs?: string;
  };
}

const kinds: readonly (readonly [sign: RegExp, kind: Loaded["kind"]])[] = [
  [/playlist|manifest/, "playlist"],
  [/init/, "init"],
  [/key/, "key"],
  [/segment/, "segment"],
];

const isVideoJs = (given: unknown): given is VideoJsLike => hasMethods(given, "tech", "currentSrc", "off");

export const videojs: Adapter = (given, video) => {
  // Video.js leaves itself on the element and on the box that it puts around it.
  const player = given ?? read(video, "player") ?? read(video.parentElement, "player");
  if (!isVideoJs(player)) return undefined;
  const vhs = () => player.tech(true)?.vhs;
  return {
    name: "Video.js",
    version: player.version?.()["video.js"],
    get tellsQuality() {
      return vhs() !== undefined;
    },
    get url() {
      return player.currentSrc();
    },
    get isLive() {
      const seconds = player.duration();
      return seconds ? seconds === Number.POSITIVE_INFINITY : undefined;
    },
    observe(observed) {
      const { clock, failures } = observed;
      const log = logRequests(observed);
      let reason: "abr" | "manual" | "buffer" = "abr";
      let stopVhs: Stop | undefined;

      const onResponse: OnResponse = guard((request, _error, { statusCode }) => {
        const { uri, requestType = "", requestTime = Number.NaN, aborted } = request;
        const kind = kinds.find(([sign]) => sign.test(requestType))?.[1];
        if (!kind || aborted) return;
        if (!statusCode || statusCode >= 400) {
          log.failed(uri);
          failures.report({ code: `vhs_${kind}`, fatal: false, category: "network", status: statusCode });
          return;
        }
        const { response } = request;
        log.loaded({
          kind,
          url: uri,
          durationMs: Date.now() - requestTime,
          bytes:
            response instanceof ArrayBuffer
              ? response.byteLength
              : typeof response === "string"
                ? response.length
                : undefined,
          status: statusCode,
          header: (name) => request.getResponseHeader?.(name),
        });
      });
      const onUsage = ({ name = "" }: VideoJsEvent) => {
        const cause = /^vhs-rendition-change-(.*)/.exec(name)?.[1];
        if (cause) reason = cause === "abr" ? "abr" : cause.startsWith("fast") ? "manual" : "buffer";
      };
      /** Each source has a new one. */
      const follow = () => {
        stopVhs?.();
        const tech = player.tech(true);
        const engine = tech?.vhs;
        if (!tech || !engine) return;
        const usage = guard(onUsage);
        engine.xhr.onResponse?.(onResponse);
        tech.on("usage", usage);
        stopVhs = () => {
          engine.xhr.offResponse?.(onResponse);
          tech.off("usage", usage);
        };
      };
      const look = (event: Event) => {
        const tracks = vhs() && Array.from(player.tech(true)?.textTracks() ?? []);
        const track = tracks?.find(({ label }) => label === "segment-metadata");
        const now = track?.activeCues?.[0]?.value;
        if (!now) return;
        const { bandwidth, resolution, codecs } = now;
        rendered(observed, { ...resolution, bitrateBps: bandwidth, codec: codecs }, reason, clock.eventTime(event));
      };
      const ready = guard(follow);
      return startAll([
        () => {
          follow();
          player.on("xhr-hooks-ready", ready);
          return () => player.off("xhr-hooks-ready", ready);
        },
        () => {
          const failed = guard(() => {
            const error = player.error();
            if (!error) return;
            const { code, message, status } = error;
            const category = code === 2 ? "network" : code === 5 ? "key" : "media";
            failures.report({ code: `videojs_${code}`, fatal: true, category, message, status });
          });
          player.on("error", failed);
          return () => player.off("error", failed);
        },
        () => listen(video, ["timeupdate", "playing"], look),
        () => () => stopVhs?.(),
      ]);
    },
  };
};
