import type { DimensionColumn } from "./dimension-table.js";
import { failureRate } from "./metrics.js";
import { bitrate, count, decimal, milliseconds, share } from "./quantity.js";

export const startColumns: readonly DimensionColumn[] = [
  {
    id: "p50",
    name: "p50",
    definition: "Half of the views that started took no longer.",
    value: (row) => row.startupP50Ms,
    show: milliseconds,
  },
  {
    id: "p75",
    name: "p75",
    definition: "Three quarters of the views that started took no longer.",
    value: (row) => row.startupP75Ms,
    show: milliseconds,
  },
  {
    id: "p95",
    name: "p95",
    definition: "95 in 100 of the views that started took no longer.",
    value: (row) => row.startupP95Ms,
    show: milliseconds,
  },
  {
    id: "left",
    name: "Left before",
    definition: "Ended with no first frame and no fatal error, of all that were meant to play.",
    value: (row) => row.exitBeforeStartRate,
    show: share,
  },
  {
    id: "failed",
    name: "Failed to start",
    definition: "A fatal error before the first frame, of all that were meant to play.",
    value: (row) => row.startFailureRate,
    show: share,
  },
];

export const smoothnessColumns: readonly DimensionColumn[] = [
  {
    id: "ratio",
    name: "Rebuffer",
    definition: "Time stalled, of all watch time.",
    value: (row) => row.rebufferRatio,
    show: share,
  },
  {
    id: "stalls",
    name: "Stalls/min",
    definition: "Stalls for each minute of watch time.",
    value: (row) => row.rebufferFrequencyPerMinute,
    show: (value) => decimal(value, 2),
  },
  {
    id: "dropped",
    name: "Dropped",
    definition: "Frames that were decoded too late to be shown, of all frames.",
    value: (row) => row.droppedFrameRatio,
    show: share,
  },
  {
    id: "seek",
    name: "Seek",
    definition: "From a seek to playing, or being ready, at the new place; the mean.",
    value: (row) => row.seekLatencyMs,
    show: milliseconds,
  },
  {
    id: "bitrate",
    name: "Bitrate",
    definition: "What was shown, weighted by the time it was shown for.",
    value: (row) => row.averageBitrateBps,
    show: bitrate,
  },
];

export const failureColumns: readonly DimensionColumn[] = [
  {
    id: "success",
    name: "Success",
    definition: "Views that no fatal error ended, of all that were meant to play.",
    value: (row) => successOf(failureRate(row)),
    show: share,
  },
  {
    id: "start",
    name: "Failed to start",
    definition: "A fatal error before the first frame.",
    value: (row) => row.startFailures,
    show: (value) => count(value),
  },
  {
    id: "playing",
    name: "Failed playing",
    definition: "A fatal error after the first frame.",
    value: (row) => row.playbackFailures,
    show: (value) => count(value),
  },
];

export const successOf = (rate: number | null) => (rate === null ? null : 1 - rate);
