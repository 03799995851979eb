import {
  DEFAULT_APP_ID,
  decodeTelemetry,
  type EventSource,
  type IngestReply,
  type RecordedEvent,
  type TelemetryError,
} from "@playhead/protocol";
import type { EventStore } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import { AppError } from "../errors.js";
import { BatchRefusedError, type Rejection } from "./batch-refused.js";
import { type IngestBatchMessage, publishBatch, publishDrop } from "./channels.js";
import { createGroupCommit, type TouchedView } from "./group-commit.js";
import { isDrop, type PostContext, runPipeline } from "./pipeline.js";

export interface IngestOptions {
  readonly events: EventStore;
  readonly log: FastifyBaseLogger;
  /** Server clock, Unix ms. */
  readonly now?: () => number;
  /** Called after each commit with the views that got new events. Must not throw or block. */
  readonly onStored?: (views: readonly TouchedView[]) => void;
  /** Most events that wait for the database; past it a POST is answered 503. */
  readonly maxQueuedEvents?: number;
}

export interface SubmitOptions {
  /** What canonical events are marked as; `sdk` when not said. */
  readonly source?: EventSource;
  /** Tenant; the default one when not said. */
  readonly appId?: string;
  /** Length of the body as text, when known: saves measuring each event of a small body. */
  readonly bodyChars?: number;
}

/** Counts since the start. */
export interface IngestStats {
  readonly batches: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Rejected events by reason. */
  readonly drops: Readonly<Record<string, number>>;
  /** Events waiting for a transaction, and in one. */
  readonly queued: number;
  readonly writing: number;
  /** The server's own events that were not stored. */
  readonly ownDropped: number;
}

export interface Ingest {
  /**
   * Takes a parsed body of any wire. Resolves after the commit of all that was accepted.
   * @throws {BatchRefusedError} when no event of the body is valid
   * @throws {AppError} `invalid_event`, `payload_too_large`, `busy`, `database_unavailable`
   */
  submit(body: unknown, options?: SubmitOptions): Promise<IngestReply>;
  /** Queues the server's own events. Never throws, never waits; what does not fit is dropped and counted. */
  record(events: readonly RecordedEvent[]): void;
  stats(): IngestStats;
  /** Takes no more, and resolves when everything queued is written or has failed. */
  close(): Promise<void>;
}

type Counts = Omit<IngestBatchMessage, "outcome" | "durationMs">;

export function createIngest(options: IngestOptions): Ingest {
  const { log, now = Date.now, ...groupOptions } = options;
  const commit = createGroupCommit({ log, ...groupOptions });
  const drops = new Map<string, number>();
  const total = { batches: 0, accepted: 0, duplicates: 0, rejected: 0, ownDropped: 0 };

  async function take(body: unknown, post: PostContext, counts: { received: number }): Promise<IngestReply> {
    const telemetry = decodeTelemetry(body);
    if (!telemetry.ok) throw bodyError(telemetry);
    counts.received = telemetry.records.length;

    const recorded: RecordedEvent[] = [];
    const indices: number[] = [];
    const rejected: Rejection[] = [];
    for (const record of telemetry.records) {
      if ("rejected" in record) {
        rejected.push({ index: record.index, ...record.rejected });
        continue;
      }
      const result = runPipeline(record, post);
      if (isDrop(result)) rejected.push({ index: record.index, code: result.drop, message: result.message });
      else {
        recorded.push(result);
        indices.push(record.index);
      }
    }

    let accepted = 0;
    let duplicates = 0;
    for (const [i, outcome] of (await commit.submit(recorded)).entries()) {
      if (outcome === "new") accepted += 1;
      else if (outcome === "duplicate") duplicates += 1;
      else rejected.push({ index: indices[i] ?? 0, code: "not_storable", message: outcome.refused });
    }
    // Only now: a batch that failed comes again, and its drops would be counted twice.
    countDrops(rejected);
    rejected.sort((a, b) => a.index - b.index);
    if (rejected.length > 0 && accepted + duplicates === 0) throw new BatchRefusedError(rejected);
    return { ok: true, accepted, duplicates, rejected };
  }

  function countDrops(rejected: readonly Rejection[]): void {
    const reasons = new Map<string, number>();
    for (const { code } of rejected) reasons.set(code, (reasons.get(code) ?? 0) + 1);
    for (const [reason, count] of reasons) {
      drops.set(reason, (drops.get(reason) ?? 0) + count);
      publishDrop({ reason, count });
    }
    total.rejected += rejected.length;
  }

  function tell(outcome: IngestBatchMessage["outcome"], counts: Counts, startedAt: number): void {
    total.batches += 1;
    total.accepted += counts.accepted;
    total.duplicates += counts.duplicates;
    publishBatch({ ...counts, outcome, durationMs: performance.now() - startedAt });
  }

  return {
    async submit(body, { source = "sdk", appId = DEFAULT_APP_ID, bodyChars = Number.POSITIVE_INFINITY } = {}) {
      const startedAt = performance.now();
      const counts = { received: 0, accepted: 0, duplicates: 0, rejected: 0 };
      try {
        const reply = await take(body, { now: now(), appId, source, bodyChars }, counts);
        const { accepted, duplicates, rejected } = reply;
        tell("stored", { ...counts, accepted, duplicates, rejected: rejected.length }, startedAt);
        return reply;
      } catch (error) {
        const refused = error instanceof BatchRefusedError ? error.rejected.length : 0;
        tell(outcomeOf(error), { ...counts, rejected: refused }, startedAt);
        throw error;
      }
    },
    record(events) {
      total.ownDropped += events.length - commit.offer(events);
    },
    stats() {
      const { ownDropped, ...rest } = total;
      return { ...rest, ...commit.depth(), drops: Object.fromEntries(drops), ownDropped: ownDropped + commit.lost() };
    },
    close: () => commit.close(),
  };
}

const bodyError = ({ code, message }: TelemetryError): AppError =>
  new AppError(code === "too_many_events" ? "payload_too_large" : "invalid_event", { message });

function outcomeOf(error: unknown): IngestBatchMessage["outcome"] {
  if (!(error instanceof AppError)) return "failed";
  if (error.code === "busy") return "busy";
  if (error.code === "database_unavailable") return "unavailable";
  return error.status < 500 ? "refused" : "failed";
}
