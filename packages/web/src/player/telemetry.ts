import type { MediaReply, PlaybackReply } from "@playhead/protocol";
import { attach, type Handle, type ViewContext } from "@playhead/sdk/hlsjs";
import type Hls from "hls.js";
import { codecOf } from "./codec-of.js";

/** The version of the player that is measured; a change of its behaviour is a change of this. */
const PLAYER = { name: "playhead-web", version: "0.1.0" };

/** What the player page tells the SDK. Nothing here can throw into it: the SDK sees to that. */
export interface Telemetry {
  readonly viewId: () => string;
  /** The video element is about to get this source. */
  source(plan: PlaybackReply, hls: Hls | undefined): void;
  session(hlsSessionId: string): void;
  /** The viewer asked again, after a failure or where autoplay was refused. */
  playRequested(at: number): void;
  failed(message: string): void;
  stop(): void;
}

export interface TelemetryOptions {
  readonly video: HTMLVideoElement;
  readonly media: MediaReply;
  readonly viewerId: string | undefined;
  /** `performance.now()` of the click, or of the page's own start where nobody clicked. */
  readonly requestedAt: number;
  readonly autoplay: boolean;
  /** Where interactions are counted. */
  readonly root: EventTarget;
}

export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { video, media, viewerId, requestedAt, autoplay, root } = options;
  let handle: Handle | undefined;

  const open = (context: ViewContext, engine: Hls | undefined): Handle => {
    const opened = attach(video, {
      ...context,
      mediaId: media.id,
      player: PLAYER,
      autoplay,
      root,
      engine,
      ...(viewerId !== undefined && { viewerId }),
    });
    opened.playRequested(requestedAt);
    return opened;
  };

  return {
    viewId: () => handle?.viewId ?? "",
    source(plan, hls) {
      const context = contextOf(plan, media);
      // Another way to the same film (an error was met by conversion, a session renewed) goes on as the same view.
      if (handle) {
        handle.setEngine(hls);
        handle.setContext(context);
      } else handle = open(context, hls);
    },
    session: (hlsSessionId) => handle?.setContext({ hlsSessionId }),
    playRequested: (at) => handle?.playRequested(at),
    failed(message) {
      // Even a film that never got a source was asked for.
      handle ??= open({}, undefined);
      handle.fail({ code: "playback_failed", message });
    },
    stop() {
      handle?.stop("left").catch(() => undefined);
    },
  };
}

function contextOf(plan: PlaybackReply, media: MediaReply): ViewContext {
  const hls = plan.hlsSessionId !== undefined;
  return {
    ...(plan.hlsSessionId !== undefined && { hlsSessionId: plan.hlsSessionId }),
    stream: {
      url: new URL(plan.url, location.href).pathname,
      codec: codecOf(media),
      container: media.container ?? "unknown",
      protocol: hls ? "hls" : "http",
      delivery: plan.delivery,
      isLive: false,
      ...(media.durationMs !== null && { durationMs: media.durationMs }),
    },
  };
}
