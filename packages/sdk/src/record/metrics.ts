import type { PlayheadEvent } from "@playhead/protocol";

type Heartbeat = Extract<PlayheadEvent, { type: "heartbeat" }>;

type Metrics = Omit<Heartbeat, "id" | "seq" | "ts" | "type" | "positionMs">;
/** How the picture is doing now (protocol's `playerMetrics`); what the browser does not tell is undefined. */
export type PlayerMetrics = { readonly [K in keyof Metrics]: Metrics[K] | undefined };
