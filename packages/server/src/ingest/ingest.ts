import {
  DEFAULT_APP_ID,
  decodeCmcdEvents,
  decodeTelemetry,
  type EventSource,
  type IngestReply,
  type RecordedEvent,
  type Telemetry,
  type TelemetryError,
  type WireRecord,
} from "@playhead/protocol";
import type { EventStore } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import { AppError } from "../errors.js";
import { BatchRefusedError, type Rejection } from "./batch-refused.js";
import { type IngestBatchMessage, publish } from "./channels.js";
import { fillContext } from "./fill-context.js";
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
  /** Of the request: what it says of the device, where the body says nothing. */
  readonly userAgent?: string | undefined;
  /** Where the request came from, as a proxy told; ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
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

/** What a player said on a request to us, and what the request itself tells. */
export interface ForeignRecord extends Pick<SubmitOptions, "userAgent" | "country"> {
  readonly record: WireRecord;
}

export interface Ingest {
  /**
   * Takes a parsed body of any wire. Resolves after the commit of all that was accepted.
   * @throws {BatchRefusedError} when no event of the body is valid
   * @throws {AppError} `invalid_event`, `payload_too_large`, `busy`, `database_unavailable`
   */
  submit(body: unknown, options?: SubmitOptions): Promise<IngestReply>;
  /** The same for the text of an event-mode POST of CMCD. */
  submitCmcd(body: string, options?: SubmitOptions): Promise<IngestReply>;
  /** Queues the server's own events. Never throws, never waits; what does not fit is dropped and counted. */
  record(events: readonly RecordedEvent[]): void;
  /** Queues what players said on requests to us, after the looks that every foreign event gets. Never throws, never waits. */
  recordForeign(said: readonly ForeignRecord[]): void;
  stats(): IngestStats;
  /** Takes no more, and resolves when everything queued is written or has failed. */
  close(): Promise<void>;
}

/** A body taken apart, and whether it was one record by itself: some wires give that an answer of its own. */
type TelemetryOfPost = Telemetry & { readonly isOne: boolean };

function answerOf(telemetry: TelemetryOfPost & { readonly ok: true }) {
  const [only] = telemetry.records;
  return telemetry.isOne && only && "answer" in only ? only.answer : {};
}

type Counts = Omit<IngestBatchMessage, "outcome" | "durationMs">;

export function createIngest(options: IngestOptions): Ingest {
  const { log, now = Date.now, onStored, ...groupOptions } = options;
  const tellStored = (views: readonly TouchedView[]) => {
    onStored?.(views);
    publish("playhead:ingest.stored", { views });
  };
  const commit = createGroupCommit({ log, ...groupOptions, onStored: tellStored });
  const drops = new Map<string, number>();
  const total = { batches: 0, accepted: 0, duplicates: 0, rejected: 0, ownDropped: 0 };

  async function take(
    telemetry: TelemetryOfPost,
    post: PostContext,
    counts: { received: number },
  ): Promise<IngestReply> {
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
    return { ok: true, accepted, duplicates, rejected, ...answerOf(telemetry) };
  }

  function countDrops(rejected: readonly Rejection[]): void {
    const reasons = new Map<string, number>();
    for (const { code } of rejected) reasons.set(code, (reasons.get(code) ?? 0) + 1);
    for (const [reason, count] of reasons) {
      drops.set(reason, (drops.get(reason) ?? 0) + count);
      publish("playhead:ingest.drop", { reason, count });
    }
    total.rejected += rejected.length;
  }

  function tell(outcome: IngestBatchMessage["outcome"], counts: Counts, startedAt: number): void {
    total.batches += 1;
    total.accepted += counts.accepted;
    total.duplicates += counts.duplicates;
    publish("playhead:ingest.batch", { ...counts, outcome, durationMs: performance.now() - startedAt });
  }

  async function submit(
    decode: () => TelemetryOfPost,
    { source = "sdk", appId = DEFAULT_APP_ID, bodyChars = Number.POSITIVE_INFINITY, userAgent, country }: SubmitOptions,
  ): Promise<IngestReply> {
    const startedAt = performance.now();
    const counts = { received: 0, accepted: 0, duplicates: 0, rejected: 0 };
    try {
      const reply = await take(
        decode(),
        { now: now(), appId, source, bodyChars, fill: fillContext(userAgent, country) },
        counts,
      );
      const { accepted, duplicates, rejected } = reply;
      tell("stored", { ...counts, accepted, duplicates, rejected: rejected.length }, startedAt);
      return reply;
    } catch (error) {
      const refused = error instanceof BatchRefusedError ? error.rejected.length : 0;
      tell(outcomeOf(error), { ...counts, rejected: refused }, startedAt);
      throw error;
    }
  }

  const offer = (events: readonly RecordedEvent[]) => {
    total.ownDropped += events.length - commit.offer(events);
  };

  return {
    submit: (body, submitOptions = {}) =>
      submit(() => ({ ...decodeTelemetry(body), isOne: !Array.isArray(body) }), submitOptions),
    submitCmcd: (body, submitOptions = {}) =>
      submit(() => ({ ...decodeCmcdEvents(body), isOne: false }), { bodyChars: body.length, ...submitOptions }),
    record: offer,
    recordForeign(said) {
      const post = { now: now(), appId: DEFAULT_APP_ID, source: "api", bodyChars: Number.POSITIVE_INFINITY } as const;
      const recorded: RecordedEvent[] = [];
      const rejected: Rejection[] = [];
      for (const { record, userAgent, country } of said) {
        const result = runPipeline(record, { ...post, fill: fillContext(userAgent, country) });
        if (isDrop(result)) rejected.push({ index: record.index, code: result.drop, message: result.message });
        else recorded.push(result);
      }
      countDrops(rejected);
      offer(recorded);
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
