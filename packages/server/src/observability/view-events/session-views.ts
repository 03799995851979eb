import type { IngestMessages } from "../../ingest/channels.js";

export type View = Pick<IngestMessages["playhead:ingest.stored"]["views"][number], "appId" | "viewId">;

export interface SessionViewsOptions<E> {
  /** What waited for its view, in order. */
  readonly deliver: (view: View, events: readonly E[]) => void;
  readonly limits?: Partial<Limits>;
}

interface Limits {
  /** Sessions that are known at once; past it the oldest is forgotten. */
  readonly sessions: number;
  /** Events that wait for the view of one session, and of all. */
  readonly waitingOfOne: number;
  readonly waitingOfAll: number;
  /** Events of one session: so many at once, and so many a second. A player that plays asks for two segments a second. */
  readonly burst: number;
  readonly perSecond: number;
  /** How long events of a view that is silent wait: each store of them has the whole view folded anew. */
  readonly silentMs: number;
  /** How long a play of a session that has a view waits for its own one: an SDK sends within 10 s. */
  readonly nextViewMs: number;
  /** How long after its end a session may still get its view. */
  readonly afterEndMs: number;
}

const usual: Limits = {
  sessions: 10_000,
  waitingOfOne: 500,
  waitingOfAll: 50_000,
  burst: 300,
  perSecond: 5,
  silentMs: 15_000,
  nextViewMs: 15_000,
  afterEndMs: 60_000,
};

/** Of one session: nobody plays a film more often while it is open. */
const MAX_VIEWS = 100;

interface Session<E> {
  view: View | undefined;
  readonly heardOf: Set<string>;
  waiting: E[];
  /** Since when, Unix ms. */
  waitingSince: number;
  /** Events that it may still tell, at `countedAt`. */
  allowance: number;
  /** Unix ms. */
  countedAt: number;
  /** When somebody asked to play it and no new view has been heard of since; Unix ms. */
  askedAt: number | undefined;
  endedAt: number | undefined;
}

/**
 * Which view an event of an HLS session belongs to. A session begins before its view is known here, and sometimes never
 * gets one (a player that sends no telemetry); one session may be played twice, by two views. So events wait for a word of
 * the view: they are then stored together with what it said, and the view is folded once for both.
 */
export class SessionViews<E> {
  readonly #deliver: SessionViewsOptions<E>["deliver"];
  readonly #limits: Limits;
  readonly #sessions = new Map<string, Session<E>>();
  #waiting = 0;
  #dropped = 0;
  #unclaimed = 0;

  constructor({ deliver, limits }: SessionViewsOptions<E>) {
    this.#deliver = deliver;
    this.#limits = { ...usual, ...limits };
  }

  /** `unclaimed`: events of sessions that no view ever named; `dropped`: for which there was no room. */
  stats(): { readonly waiting: number; readonly dropped: number; readonly unclaimed: number } {
    return { waiting: this.#waiting, dropped: this.#dropped, unclaimed: this.#unclaimed };
  }

  opened(id: string): void {
    if (this.#sessions.has(id)) return;
    this.#sessions.set(id, {
      view: undefined,
      heardOf: new Set(),
      waiting: [],
      waitingSince: 0,
      allowance: this.#limits.burst,
      countedAt: 0,
      askedAt: undefined,
      endedAt: undefined,
    });
    for (const [oldest, session] of this.#sessions) {
      if (this.#sessions.size <= this.#limits.sessions) break;
      this.#forget(oldest, session);
    }
  }

  /** Somebody asked to play it. @param at Unix ms. */
  asked(id: string, at: number): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    if (session.askedAt === undefined) this.#flush(session);
    session.askedAt = at;
  }

  /** @param at Unix ms. */
  tell(id: string, event: E, at: number): void {
    const session = this.#sessions.get(id);
    if (session === undefined || !this.#allows(session, at)) {
      this.#dropped += 1;
      return;
    }
    const { waitingOfOne, waitingOfAll } = this.#limits;
    if (session.waiting.length >= waitingOfOne || this.#waiting >= waitingOfAll) {
      this.#dropped += 1;
      return;
    }
    if (session.waiting.length === 0) session.waitingSince = at;
    session.waiting.push(event);
    this.#waiting += 1;
    // What comes after the end is the last of it: a request that was still open then.
    if (session.endedAt !== undefined && session.askedAt === undefined) this.#flush(session);
  }

  /** A view that names the session has sent something: of two views, events go to the one that came last. */
  heard(id: string, view: View): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    const key = `${view.appId}\n${view.viewId}`;
    if (session.heardOf.has(key)) {
      // Until the new view says something, nobody knows whose the latest events are.
      if (session.askedAt === undefined) this.#flush(session);
      return;
    }
    if (session.heardOf.size >= MAX_VIEWS) return;
    session.heardOf.add(key);
    session.view = view;
    this.#flush(session);
  }

  /** @param at Unix ms. */
  ended(id: string, at: number): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    session.endedAt = at;
    if (session.askedAt === undefined) this.#flush(session);
  }

  /** Ends waits that were long enough. @param now Unix ms. */
  sweep(now: number): void {
    const { nextViewMs, silentMs, afterEndMs } = this.#limits;
    for (const [id, session] of this.#sessions) {
      const { askedAt, endedAt, waitingSince } = session;
      const isLate = askedAt === undefined ? now - waitingSince >= silentMs : now - askedAt >= nextViewMs;
      if (isLate) this.#flush(session);
      if (endedAt !== undefined && now - endedAt >= afterEndMs) this.#forget(id, session);
    }
  }

  /** Nothing more will be heard: what can still be told is. */
  close(): void {
    for (const [id, session] of this.#sessions) this.#forget(id, session);
  }

  /** A client that asks for segments as fast as it can must not fill the database, and its view must stay foldable. */
  #allows(session: Session<E>, at: number): boolean {
    const { burst, perSecond } = this.#limits;
    const refill = (Math.max(0, at - session.countedAt) / 1000) * perSecond;
    session.allowance = Math.min(burst, session.allowance + refill);
    session.countedAt = Math.max(at, session.countedAt);
    if (session.allowance < 1) return false;
    session.allowance -= 1;
    return true;
  }

  #flush(session: Session<E>): void {
    const { waiting, view } = session;
    if (view === undefined) return;
    session.askedAt = undefined;
    if (waiting.length === 0) return;
    session.waiting = [];
    this.#waiting -= waiting.length;
    this.#deliver(view, waiting);
  }

  #forget(id: string, session: Session<E>): void {
    this.#flush(session);
    this.#sessions.delete(id);
    this.#waiting -= session.waiting.length;
    this.#unclaimed += session.waiting.length;
  }
}
