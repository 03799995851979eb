import { channelsOf } from "../channel.js";

/** What ingest tells to whoever listens. Durations in ms. */
export interface IngestMessages {
  /** One POST, published when its answer is known. */
  "playhead:ingest.batch": {
    readonly outcome: "stored" | "refused" | "busy" | "unavailable" | "failed";
    /** Events in the body; 0 when it could not be taken apart. */
    readonly received: number;
    readonly accepted: number;
    readonly duplicates: number;
    readonly rejected: number;
    /** From its decoding to its commit or refusal. */
    readonly durationMs: number;
  };
  /** A group of events is committed: the views that got new ones, and the HLS sessions that their players name. */
  "playhead:ingest.stored": {
    readonly views: readonly {
      readonly appId: string;
      readonly viewId: string;
      readonly hlsSessionId: string | null;
    }[];
  };
  /** Events of one POST that were dropped for the same reason. */
  "playhead:ingest.drop": { readonly reason: string; readonly count: number };
}

export type IngestBatchMessage = IngestMessages["playhead:ingest.batch"];

export const { publish, listen } = channelsOf<IngestMessages>();
