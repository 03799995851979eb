import { channel } from "node:diagnostics_channel";

/** One POST, published when its answer is known. `durationMs` is from its decoding to its commit or refusal. */
export interface IngestBatchMessage {
  readonly outcome: "stored" | "refused" | "busy" | "unavailable" | "failed";
  /** Events in the body; 0 when it could not be taken apart. */
  readonly received: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly durationMs: number;
}

/** Events of one POST that were dropped for the same reason. */
export interface IngestDropMessage {
  readonly reason: string;
  readonly count: number;
}

const batchChannel = channel("playhead:ingest.batch");
const dropChannel = channel("playhead:ingest.drop");

export const publishBatch = (message: IngestBatchMessage): void => batchChannel.publish(message);
export const publishDrop = (message: IngestDropMessage): void => dropChannel.publish(message);
