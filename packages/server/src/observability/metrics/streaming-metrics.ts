import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { EncoderFields } from "../../streaming/channels.js";
import type { Play } from "../plays.js";
import type { Handlers } from "../subscriber.js";
import { codecLabel, containerLabel, SECONDS, s } from "./labels.js";

/** Twice as fast as it plays is 2; below 1 its viewer runs dry. */
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24];

export interface StreamingMetrics {
  readonly handlers: Handlers;
  /** A play has its first segment, or is given up. */
  readonly played: (play: Play) => void;
}

/** What sessions, encoders and segment requests tell of themselves. */
export function streamingMetrics(registry: Registry): StreamingMetrics {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name: `playhead_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets = SECONDS) =>
    new Histogram<L>({ name: `playhead_${name}`, help, labelNames: [...labelNames], buckets, registers });

  const requests = counter("playback_requests_total", "Films that were asked for.", ["delivery", "found"]);
  const firstServed = histogram(
    "first_segment_seconds",
    "From the request to play a film to its first picture segment, ready to be sent.",
    ["delivery", "found"],
  );
  const neverServed = counter("plays_without_segment_total", "Films that were asked for and got no picture segment.", [
    "delivery",
  ]);
  const sessionStarts = counter("hls_session_starts_total", "HLS sessions started.", ["delivery", "preload"]);
  const sessionStart = histogram("hls_session_start_seconds", "To plan and open an HLS session.", ["delivery"]);
  const sessionEnds = counter("hls_session_ends_total", "HLS sessions ended; `idle`: timed out.", ["reason"]);

  const run = ["kind", "codec", "container", "encoder"] as const;
  const runStarts = counter("ffmpeg_starts_total", "ffmpeg processes started.", run);
  const runErrors = counter("ffmpeg_errors_total", "ffmpeg processes that failed.", run);
  const runEnds = counter("ffmpeg_ends_total", "ffmpeg processes that ended.", ["kind", "reason"]);
  const slotWait = histogram(
    "encoder_wait_seconds",
    "How long an ffmpeg waited for others before it was started, or given up.",
    ["priority", "outcome"],
  );
  const start = histogram("ffmpeg_start_seconds", "From the start of an ffmpeg to its first byte.", [
    "kind",
    "encoder",
  ]);
  const firstMade = histogram("ffmpeg_first_segment_seconds", "From the start of an ffmpeg to its first segment.", [
    "kind",
    "encoder",
  ]);
  const segmentTime = histogram("ffmpeg_segment_seconds", "From one segment of an ffmpeg to its next.", [
    "kind",
    "encoder",
  ]);
  const speed = histogram(
    "encoder_speed_ratio",
    "How much faster than it plays a picture segment was encoded; below 1 it is too slow.",
    ["encoder"],
    SPEEDS,
  );
  const hardware = new Gauge({
    name: "playhead_hardware_encoder",
    help: "1 for the hardware encoder that passed its trial at the start.",
    labelNames: ["encoder"],
    registers,
  });
  const fallbacks = counter(
    "hardware_fallbacks_total",
    "Runs whose hardware encoder failed, and that software took over.",
    ["encoder"],
  );

  const of = ["kind", "delivery"] as const;
  const segments = counter("segment_requests_total", "Segment requests by how they ended.", [...of, "outcome"]);
  const errors = counter("segment_errors_total", "Segment requests that failed; `busy`: timed out.", [...of, "error"]);
  const segmentWait = histogram("segment_wait_seconds", "How long a requested segment was not ready.", of);
  const bytes = counter("segment_bytes_total", "Bytes of segments sent.", of);
  const cache = counter("segment_cache_total", "Segments sent, by whether they had been made before.", [
    ...of,
    "result",
  ]);

  const ofRun = ({ kind, codec, container, encoder }: EncoderFields) => ({
    kind,
    codec: codecLabel(codec),
    container: containerLabel(container),
    encoder,
  });

  return {
    played({ request, served }) {
      const { delivery, found } = request;
      if (served === undefined) neverServed.inc({ delivery });
      else firstServed.observe({ delivery, found }, s(Math.max(0, served.ts - request.ts)));
    },
    handlers: {
      "playhead:playback.request": ({ delivery, found }) => requests.inc({ delivery, found }),
      "playhead:hls.session.start": ({ delivery, preload, tookMs }) => {
        sessionStarts.inc({ delivery, preload: String(preload) });
        sessionStart.observe({ delivery }, s(tookMs));
      },
      "playhead:hls.session.end": ({ reason }) => sessionEnds.inc({ reason }),
      "playhead:encoder.wait": ({ priority, outcome, waitedMs }) =>
        slotWait.observe({ priority, outcome }, s(waitedMs)),
      "playhead:ffmpeg.start": (m) => runStarts.inc(ofRun(m)),
      "playhead:ffmpeg.error": (m) => runErrors.inc(ofRun(m)),
      "playhead:ffmpeg.end": ({ kind, reason }) => runEnds.inc({ kind, reason }),
      "playhead:ffmpeg.first_segment": ({ kind, encoder, afterMs, outputAfterMs }) => {
        start.observe({ kind, encoder }, s(outputAfterMs));
        firstMade.observe({ kind, encoder }, s(afterMs));
      },
      "playhead:ffmpeg.segment": ({ kind, encoder, index, startSegment, mediaMs, tookMs }) => {
        // The first one's time is mostly that of the start.
        if (index === startSegment) return;
        segmentTime.observe({ kind, encoder }, s(tookMs));
        if (kind === "video") speed.observe({ encoder }, mediaMs / Math.max(1, tookMs));
      },
      "playhead:hardware.probe": ({ encoder }) => {
        if (encoder !== null) hardware.set({ encoder }, 1);
      },
      "playhead:hardware.fallback": ({ hardware: encoder }) => fallbacks.inc({ encoder }),
      "playhead:segment.request": ({ kind, delivery, outcome, error, waitMs, bytes: sent, cached }) => {
        segments.inc({ kind, delivery, outcome });
        segmentWait.observe({ kind, delivery }, s(waitMs));
        bytes.inc({ kind, delivery }, sent);
        if (error !== null) errors.inc({ kind, delivery, error });
        if (outcome === "sent" && cached !== null) cache.inc({ kind, delivery, result: cached ? "hit" : "miss" });
      },
    },
  };
}
