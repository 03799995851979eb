import type { EncoderReply } from "@playhead/protocol";
import type { Counted } from "../chart-options.js";
import type { Charted } from "../metrics.js";
import { count, decimal, milliseconds, share } from "../quantity.js";

export type EncoderPoint = EncoderReply["points"][number];
type Chart = Charted<EncoderPoint> & { readonly counted: Counted<EncoderPoint> };

export const speedText = (speed: number | null) => decimal(speed, speed !== null && speed < 9.95 ? 2 : 1, "×");

const ended = { name: "ended", value: ({ sessions }: EncoderPoint) => sessions.ended };
const started = ({ video, audio }: EncoderPoint) => video.starts + audio.starts;
const failed = ({ video, audio }: EncoderPoint) => video.failures + audio.failures;

export const encoderCharts: readonly Chart[] = [
  {
    id: "session ends",
    name: "Session ends",
    definition:
      "One for each who watches a film through playlists. Closed by its player; made ready and never played; stopped with the server; or without a sign of life for too long.",
    show: count,
    chart: "bars",
    whole: true,
    counted: ended,
    series: [
      { name: "closed", value: ({ sessions }) => sessions.closed, colour: "--chart-2" },
      { name: "unused", value: ({ sessions }) => sessions.unused, colour: "--color-tick" },
      { name: "stopped", value: ({ sessions }) => sessions.shutDown, colour: "--chart-4" },
      { name: "timed out", value: ({ sessions }) => sessions.timedOut, colour: "--color-bad" },
    ],
  },
  {
    id: "timeout rate",
    name: "Session timeout rate",
    definition:
      "Sessions that ended without a sign of life from their player, of all that ended. A closed tab ends its own by itself.",
    show: share,
    chart: "lines",
    counted: ended,
    series: [{ name: "timed out", value: ({ sessions }) => sessions.timeoutRate, colour: "--chart-1" }],
  },
  {
    id: "encoder starts",
    name: "Encoders started",
    definition:
      "Runs of ffmpeg, for picture and for sound. A first failure is tried again; a second reaches the player.",
    show: count,
    chart: "bars",
    whole: true,
    counted: { name: "started", value: started },
    series: [
      // One that began in the interval before may fail in this one.
      { name: "went well", value: (point) => Math.max(0, started(point) - failed(point)), colour: "--chart-2" },
      { name: "failed", value: failed, colour: "--color-bad" },
    ],
  },
  {
    id: "first segment",
    name: "Time to the first segment",
    definition:
      "Of picture, from the start of its ffmpeg. Half took no longer than p50; 95 in 100 no longer than p95, told where 20 or more began.",
    show: milliseconds,
    chart: "lines",
    counted: { name: "runs", value: ({ video }) => video.firstSegments },
    series: [
      { name: "p50", value: ({ video }) => video.firstSegmentP50Ms, colour: "--chart-2" },
      { name: "p95", value: ({ video }) => video.firstSegmentP95Ms, colour: "--chart-1" },
    ],
  },
  {
    id: "encoder speed",
    name: "Encoder speed",
    definition:
      "Picture made, by the time that took: 2 × is twice as fast as it plays. Below the dashed line the viewer runs dry.",
    show: speedText,
    chart: "lines",
    counted: { name: "segments", value: ({ video }) => video.segments },
    guide: 1,
    series: [
      { name: "mean", value: ({ video }) => video.speed, colour: "--chart-2" },
      { name: "slowest twentieth", value: ({ video }) => video.speedP5, colour: "--chart-3" },
    ],
  },
  {
    id: "steps",
    name: "Time for each step",
    definition:
      "In the mean: to open a session; until ffmpeg writes for the first time; and for each segment of picture after the first of its run.",
    show: milliseconds,
    chart: "lines",
    counted: { name: "runs", value: ({ video }) => video.firstSegments },
    series: [
      { name: "session", value: ({ sessions }) => sessions.startMs, colour: "--chart-4" },
      { name: "ffmpeg", value: ({ video }) => video.outputMs, colour: "--chart-3" },
      { name: "segment", value: ({ video }) => video.segmentMs, colour: "--chart-2" },
    ],
  },
];
