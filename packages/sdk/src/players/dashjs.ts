import { guard } from "../observe/guard.js";
import { type Stop, startAll } from "../observe/listen.js";
import { rendered } from "../record/quality.js";
import { type Adapter, hasMethods, read } from "./engine.js";
import { type Loaded, logRequests } from "./requests.js";

/** What the SDK uses of a dash.js player (4.5 and later). Fields of events are optional: what is missing is not reported. */
export interface DashLike {
  on(type: string, listener: (event: DashEvent) => void, scope?: object): void;
  off(type: string, listener: (event: DashEvent) => void, scope?: object): void;
  getVersion(): string;
  isReady(): boolean;
  isDynamic(): boolean;
}

interface DashEvent {
  readonly mediaType?: string | null;
  readonly newRepresentation?: DashRepresentation | null;
  readonly reason?: { readonly name?: string; readonly rule?: string } | null;
  readonly metric?: string;
  readonly value?: DashRequest;
  readonly error?: DashError | string;
  /** Of the last period, of the whole. */
  readonly isLast?: boolean;
}

interface DashError {
  readonly code?: number;
  readonly message?: string;
  readonly data?: { readonly response?: { readonly status?: number } };
}

interface DashRepresentation {
  /** Bits per second. */
  readonly bandwidth?: number;
  readonly width?: number;
  readonly height?: number;
  readonly codecs?: string | null;
}

/** One try of a request, as ISO 23009-1 Annex D has it. */
interface DashRequest {
  readonly type: string | null;
  readonly url: string | null;
  readonly trequest?: Date | null;
  readonly tresponse?: Date | null;
  readonly _tfinish?: Date | null;
  readonly responsecode?: number | null;
  readonly _responseHeaders?: string;
  /** Absent where it failed. */
  readonly trace?: readonly { readonly b: readonly number[] }[];
}

const kinds: Readonly<Record<string, Loaded["kind"]>> = {
  MPD: "playlist",
  InitializationSegment: "init",
  MediaSegment: "segment",
  license: "key",
};
/** Its rules that fear for the buffer. */
const ofBuffer = /InsufficientBuffer|Abandon|DroppedFrames/;

const isDash = (given: unknown): given is DashLike => hasMethods(given, "attachSource", "isDynamic", "off");

export const dashjs: Adapter = (given, video) => {
  // `MediaPlayerFactory` leaves what it made on the element.
  const player = given ?? read(video, "_dashjs_player");
  if (!isDash(player)) return undefined;
  return {
    name: "dash.js",
    version: player.getVersion(),
    tellsQuality: true,
    get isLive() {
      return player.isReady() && video.readyState > 0 ? player.isDynamic() : undefined;
    },
    observe(observed) {
      const { clock, failures, playback, atEnd } = observed;
      const log = logRequests(observed);
      const bitrates: Record<string, number> = {};
      let reason: "abr" | "manual" | "buffer" = "abr";

      const on = (type: string, handler: (event: DashEvent) => void) => (): Stop => {
        const safe = guard(handler);
        player.on(type, safe, {});
        return () => player.off(type, safe);
      };
      return startAll([
        on("qualityChangeRequested", ({ mediaType, reason: why }) => {
          const rule = why?.rule ?? why?.name;
          if (mediaType === "video") reason = !rule ? "manual" : ofBuffer.test(rule) ? "buffer" : "abr";
        }),
        on("qualityChangeRendered", ({ mediaType, newRepresentation: now }) => {
          if (!now || !mediaType) return;
          bitrates[mediaType] = now.bandwidth ?? 0;
          if (mediaType !== "video") return;
          const { bandwidth = 0, width, height, codecs } = now;
          rendered(
            observed,
            { bitrateBps: bandwidth + (bitrates["audio"] ?? 0), width, height, codec: codecs },
            reason,
          );
        }),
        on("metricAdded", ({ metric, value }) => {
          if (metric !== "HttpList" || !value) return;
          const { type, url, trequest, tresponse, _tfinish, responsecode, _responseHeaders, trace } = value;
          const kind = kinds[type ?? ""];
          const address = url ?? undefined;
          if (kind === "playlist") playback.load(+(trequest ?? 0) - Date.now() + clock.now(), url);
          if (!kind || !trequest) return;
          const ok = responsecode && responsecode < 400;
          if (!ok || !_tfinish) return log.failed(address);
          log.loaded({
            kind,
            url: address,
            durationMs: +_tfinish - +trequest,
            ttfbMs: tresponse ? +tresponse - +trequest : undefined,
            bytes: trace?.reduce((sum, { b }) => sum + (b[0] ?? 0), 0),
            status: responsecode,
            header: (name) => new RegExp(`^${name}: (.*)$`, "im").exec(_responseHeaders ?? "")?.[1],
          });
        }),
        // It may be there before the element says so; then it pauses the element, which says nothing any more.
        on("playbackEnded", ({ isLast }) => {
          if (isLast) atEnd(clock.now());
        }),
        on("error", ({ error }) => {
          const { code, message, data } =
            typeof error === "string" ? { code: error, message: undefined, data: undefined } : (error ?? {});
          // A segment that can't be had is tried elsewhere (17); the rest is the manifest, the source buffers, the keys.
          failures.report({
            code: `dash_${code}`,
            fatal: code !== 17,
            category: typeof code !== "number" || code > 100 ? "key" : code < 20 ? "network" : "media",
            message,
            status: data?.response?.status,
          });
        }),
      ]);
    },
  };
};
