import { Counter, Histogram, type Registry } from "prom-client";
import type { Handlers } from "../subscriber.js";
import { SECONDS, s } from "./labels.js";

/** What ingest and the library tell of themselves. */
export function otherMetrics(registry: Registry): Handlers {
  const registers = [registry];
  const batches = new Counter({
    name: "playhead_ingest_batches_total",
    help: "POSTs of telemetry by how they were answered.",
    labelNames: ["outcome"],
    registers,
  });
  const batchTime = new Histogram({
    name: "playhead_ingest_batch_seconds",
    help: "From the decoding of a POST of telemetry to its answer.",
    labelNames: ["outcome"],
    buckets: SECONDS,
    registers,
  });
  const probes = new Counter({
    name: "playhead_library_probes_total",
    help: "Files that were examined.",
    labelNames: ["outcome"],
    registers,
  });
  const probeTime = new Histogram({
    name: "playhead_library_probe_seconds",
    help: "To examine a file.",
    buckets: SECONDS,
    registers,
  });
  return {
    "playhead:ingest.batch": ({ outcome, durationMs }) => {
      batches.inc({ outcome });
      batchTime.observe({ outcome }, s(durationMs));
    },
    "playhead:library.probe": ({ outcome, tookMs }) => {
      probes.inc({ outcome });
      probeTime.observe(s(tookMs));
    },
  };
}
