import type { RecordedEvent } from "@playhead/protocol";
import { type EventStore, RejectedEventError, StoreUnavailableError } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import { AppError } from "../errors.js";

/** A view that got new events. */
export interface TouchedView {
  readonly appId: string;
  readonly viewId: string;
  /** That its new events name; null for a film that is played as it is, or elsewhere. */
  readonly hlsSessionId: string | null;
}

export interface GroupCommitOptions {
  readonly events: EventStore;
  readonly log: FastifyBaseLogger;
  /** After each commit that stored something new. */
  readonly onStored?: (views: readonly TouchedView[]) => void;
  /** Most events that wait. */
  readonly maxQueuedEvents?: number;
  /** Most events of one transaction. */
  readonly maxGroupEvents?: number;
  readonly writers?: number;
  /** Until offered events are tried again while the store is away, ms. */
  readonly retryMs?: number;
}

/** What became of each event of a batch, by its position: new, stored before, or refused by the store with a reason. */
export type CommitOutcome = "new" | "duplicate" | { readonly refused: string };

/** Turns many small batches into few large transactions: while one is written, what arrives waits and becomes the next. */
export interface GroupCommit {
  /**
   * Resolves when all events of the batch are committed or refused.
   * @throws {AppError} `busy` when the queue is full; `database_unavailable` when the store is away.
   */
  submit(batch: readonly RecordedEvent[]): Promise<readonly CommitOutcome[]>;
  /**
   * Queues what fits and waits for nothing; what the store is away for is tried again until it is back, as far as there is
   * room for it. @returns how many fitted
   */
  offer(events: readonly RecordedEvent[]): number;
  /** Events that wait, for their turn or for the store to come back, and events in a transaction now. */
  depth(): { readonly queued: number; readonly writing: number };
  /** Offered events that were queued and then lost: the store refused them, or was away for too many of them. */
  lost(): number;
  /** Takes no more, and resolves when all that waits is written or has failed. */
  close(): Promise<void>;
}

interface Batch {
  readonly outcomes: CommitOutcome[];
  left: number;
  failed: boolean;
  resolve(outcomes: readonly CommitOutcome[]): void;
  reject(error: AppError): void;
}

interface Entry {
  readonly event: RecordedEvent;
  /** Null for offered events: nobody waits for them. */
  readonly batch: Batch | null;
  readonly position: number;
}

/** Bounds the memory of the queue: about 50 MB at 1 KB an event. */
const MAX_QUEUED_EVENTS = 50_000;
/** Larger groups gain nothing, and keep their batches waiting. */
const MAX_GROUP_EVENTS = 5_000;
/** One writes to the socket while the other waits for its fsync; a third gained nothing. */
const WRITERS = 2;
const DATABASE_RETRY_S = 5;
/** How much of the queue offered events may fill while the store is away: the rest is left to those who wait for an answer. */
const HELD_SHARE = 0.2;

export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { events, log, onStored } = options;
  const maxQueued = options.maxQueuedEvents ?? MAX_QUEUED_EVENTS;
  const maxGroup = options.maxGroupEvents ?? MAX_GROUP_EVENTS;
  const writers = options.writers ?? WRITERS;

  const maxHeld = Math.floor(maxQueued * HELD_SHARE);

  const queue: Entry[] = [];
  /** Offered events for which the store was away. */
  const held: Entry[] = [];
  let retry: NodeJS.Timeout | undefined;
  let active = 0;
  let writing = 0;
  let lost = 0;
  let refusals = 0;
  let scheduled = false;
  let closed = false;
  let onIdle: (() => void) | undefined;

  /** Starts after this turn of the event loop, so that batches which arrived together go together. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      startWriters();
    });
  }

  function startWriters(): void {
    while (active < writers && queue.length > 0) {
      // The rest of a batch that has failed is not worth writing: its sender was told to send it again.
      const group = queue.splice(0, maxGroup).filter(({ batch }) => !batch?.failed);
      if (group.length === 0) continue;
      active += 1;
      writing += group.length;
      void write(group).finally(() => {
        active -= 1;
        writing -= group.length;
        startWriters();
      });
    }
    if (active === 0 && queue.length === 0) onIdle?.();
  }

  /** Keeps the first ones: how something began explains more than how it went on. */
  function hold(offered: readonly Entry[]): void {
    const room = closed ? 0 : Math.max(0, maxHeld - held.length);
    held.push(...offered.slice(0, room));
    lost += Math.max(0, offered.length - room);
    if (held.length > 0) retry ??= setTimeout(release, options.retryMs ?? DATABASE_RETRY_S * 1000).unref();
  }

  function release(): void {
    clearTimeout(retry);
    retry = undefined;
    queue.push(...held.splice(0));
    schedule();
  }

  /** Never rejects. */
  async function write(group: readonly Entry[]): Promise<void> {
    let fresh: readonly boolean[];
    try {
      fresh = await events.append(group.map(({ event }) => event));
    } catch (error) {
      if (error instanceof RejectedEventError) return await bisect(group, error);
      return fail(group, error);
    }
    if (held.length > 0) release();
    tellStored(group.filter((_, i) => fresh[i]));
    for (const [i, entry] of group.entries()) settle(entry, fresh[i] ? "new" : "duplicate");
  }

  /** Halves a refused group until the event that the store can't keep is alone; all others are stored. */
  async function bisect(group: readonly Entry[], error: RejectedEventError): Promise<void> {
    const [only] = group;
    if (group.length === 1 && only) {
      log.warn({ err: error, eventId: only.event.event.id }, "The store refused an event");
      if (!only.batch) lost += 1;
      return settle(only, { refused: error.message });
    }
    const middle = group.length >> 1;
    await write(group.slice(0, middle));
    await write(group.slice(middle));
  }

  function settle({ batch, position }: Entry, outcome: CommitOutcome): void {
    if (!batch || batch.failed) return;
    batch.outcomes[position] = outcome;
    batch.left -= 1;
    if (batch.left === 0) batch.resolve(batch.outcomes);
  }

  function fail(group: readonly Entry[], cause: unknown): void {
    const away = cause instanceof StoreUnavailableError;
    const error = away
      ? new AppError("database_unavailable", { cause, retryAfterS: DATABASE_RETRY_S })
      : new AppError("internal", { cause });
    log[away ? "warn" : "error"]({ err: cause, events: group.length }, "A group of events could not be stored");
    const offered = group.filter(({ batch }) => batch === null);
    if (away) hold(offered);
    else lost += offered.length;
    for (const { batch } of group) {
      if (batch && !batch.failed) {
        batch.failed = true;
        batch.reject(error);
      }
    }
  }

  function tellStored(stored: readonly Entry[]): void {
    if (!onStored || stored.length === 0) return;
    const views = new Map<string, TouchedView>();
    for (const { event } of stored) {
      const { appId, context } = event;
      const { viewId, hlsSessionId = null } = context;
      const key = `${appId}\n${viewId}\n${hlsSessionId ?? ""}`;
      if (!views.has(key)) views.set(key, { appId, viewId, hlsSessionId });
    }
    try {
      onStored([...views.values()]);
    } catch (error) {
      log.error({ err: error }, "Telling of stored events failed");
    }
  }

  return {
    submit(batch) {
      if (closed) {
        return Promise.reject(
          new AppError("busy", { message: "The server is stopping.", retryAfterS: DATABASE_RETRY_S }),
        );
      }
      if (batch.length === 0) return Promise.resolve([]);
      // A batch larger than an empty queue would be refused for ever; its size is bounded at the door.
      if (queue.length > 0 && queue.length + batch.length > maxQueued) {
        refusals += 1;
        // Spread, so that those who were refused together don't come back together.
        return Promise.reject(new AppError("busy", { retryAfterS: 2 + (refusals % 4) }));
      }
      return new Promise((resolve, reject) => {
        const waiting: Batch = { outcomes: [], left: batch.length, failed: false, resolve, reject };
        for (const [position, event] of batch.entries()) queue.push({ event, batch: waiting, position });
        schedule();
      });
    },
    offer(offered) {
      if (closed) return 0;
      const room = Math.max(0, Math.min(offered.length, maxQueued - queue.length));
      for (const event of offered.slice(0, room)) queue.push({ event, batch: null, position: 0 });
      if (room > 0) schedule();
      return room;
    },
    depth: () => ({ queued: queue.length + held.length, writing }),
    lost: () => lost,
    close() {
      closed = true;
      // Once more: what fails now is lost.
      release();
      if (active === 0 && queue.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        onIdle = resolve;
        schedule();
      });
    },
  };
}
