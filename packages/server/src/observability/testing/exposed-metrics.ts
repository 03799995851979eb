import { channels } from "../channel-list.js";
import type { Channel, Messages } from "../channels.js";
import { createMetrics, type Metrics } from "../metrics/metrics.js";
import { sampleMessages } from "./sample-messages.js";

export interface ExposedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** For tests: what `/metrics` shows after one message of each kind, so that each metric has its labels. */
export async function exposedMetrics(): Promise<readonly ExposedMetric[]> {
  const metrics = createMetrics({
    streaming: () => ({
      sessions: { warming: 0, active: 1, lingering: 0 },
      encoder: {
        runs: 1,
        pausedRuns: 0,
        videoEncoders: 1,
        waiting: 0,
        pids: [],
        hardware: { encoder: null, isPaused: false, failures: 0 },
      },
      cache: { files: 1, bytes: 1, memoryBytes: 1 },
    }),
    slots: () => ({ video: { limit: 2, inUse: 1, waiting: 0 }, audio: { limit: 8, inUse: 0, waiting: 0 } }),
    ingest: () => ({
      batches: 1,
      accepted: 1,
      duplicates: 0,
      rejected: 1,
      drops: { timestamp_out_of_range: 1 },
      queued: 0,
      writing: 0,
      ownDropped: 0,
    }),
    cmcdDropped: () => 0,
    subscribers: () => ({ metrics: { waiting: 0, dropped: 0, busyMs: 0 } }),
    spans: () => ({ sent: 1, failed: 0, dropped: 0 }),
    workLost: () => 0,
    viewEvents: () => ({ waiting: 0, dropped: 0, unclaimed: 0 }),
  });
  const { "playhead:segment.request": sent } = sampleMessages;
  feed(metrics);
  const failed = { ...sent, outcome: "error", error: "transcode_failed" } as const;
  metrics.handlers["playhead:segment.request"]?.(failed);
  metrics.played({ ...emptyPlay, served: sent, givenUpAt: undefined });
  metrics.played(emptyPlay);
  return parse(await metrics.render());
}

const emptyPlay = {
  request: sampleMessages["playhead:playback.request"],
  waited: [],
  starts: [],
  firsts: [],
  errors: [],
  segments: [],
  served: undefined,
  givenUpAt: 60_500,
};

function feed(metrics: Metrics): void {
  const give = <C extends Channel>(handler: Metrics["handlers"][C], message: Messages[C]) => {
    const handle: ((message: Messages[C]) => void) | undefined = handler;
    handle?.(message);
  };
  for (const channel of channels) give(metrics.handlers[channel], sampleMessages[channel]);
}

/** Reads the Prometheus text format: names as they are registered, with the labels that any of their series has. */
function parse(text: string): readonly ExposedMetric[] {
  const helps = new Map(Array.from(text.matchAll(/^# HELP (\S+) (.*)$/gm), ([, name = "", help = ""]) => [name, help]));
  return Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = "", type = ""]) => {
    const series = new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{(.*)\\}`, "gm");
    const labels = new Set<string>();
    for (const [, inside = ""] of text.matchAll(series)) {
      for (const [, label = ""] of inside.matchAll(/(\w+)="/g)) if (label !== "le") labels.add(label);
    }
    return { name, type, help: helps.get(name) ?? "", labels: [...labels] };
  });
}
