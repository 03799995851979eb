import type { RecordedEvent } from "@playhead/protocol";

/** The event log: append-only, unique on (app, event id), durable once `append` resolves. */
export interface EventStore {
  /**
   * Stores a group in one transaction and marks the views that it touches as due for folding, in the same transaction.
   * Resolves after the commit. The result says for each event, by index, whether it is new (`true`) or was stored before.
   * @throws {RejectedEventError} when the store cannot hold one of the events; nothing of the group is stored then.
   * @throws {StoreUnavailableError} when the database is away; nothing is known to be stored then.
   */
  append(events: readonly RecordedEvent[]): Promise<readonly boolean[]>;
  /** All events of a view, ordered by time, then sequence. Empty when there are none. */
  ofView(appId: string, viewId: string): Promise<readonly RecordedEvent[]>;
}

/** The data itself is refused (a value out of range, a byte the engine can't keep): retrying won't help; bisect instead. */
export class RejectedEventError extends Error {
  override readonly name = "RejectedEventError";
}

/** The engine can't be reached, or is shutting down: the same call may succeed later. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}
