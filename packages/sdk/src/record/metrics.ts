import type { PlayheadEvent } from "@playhead/protocol";

type Heartbeat = Extract<PlayheadEvent, { type: "heartbeat" }>;

/** How the picture is doing now (protocol's `playerMetrics`); what the browser does not tell is absent. */
export type PlayerMetrics = Omit<Heartbeat, "id" | "seq" | "ts" | "type" | "positionMs">;
