import type { Rendition } from "@playhead/hls";
import type { HlsSession } from "./hls-session.js";

export interface TurnsOptions {
  /** The session may have turned away: its work there stands still. */
  readonly rest: (session: HlsSession, rendition: Rendition) => void;
  /** The session has turned away: its work there is let go. */
  readonly release: (session: HlsSession, rendition: Rendition) => void;
}

interface Place {
  readonly rendition: Rendition;
  /** The segment that it asked for first since it came. */
  first: number | undefined;
  /** Requests that wait for their answer. */
  waiting: number;
}

interface Turn {
  readonly now: Place;
  /** Where it was before, as long as it may go on there. */
  before: Place | undefined;
}

/**
 * The rendition of each kind that a session is at. A player that turns to another one goes on with the one it shows
 * until the first segment of the new one has come, which may take an encoder's start: it has turned when it asks for a
 * second one there and waits for nothing here.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #turns = new WeakMap<HlsSession, Map<Rendition["kind"], Turn>>();

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** A session asks for a part. @returns what is to be called when it has its answer. */
  asked(session: HlsSession, rendition: Rendition, part: "init" | number): () => void {
    const segment = part === "init" ? undefined : part;
    const place = this.#goTo(session, rendition, segment);
    place.waiting++;
    return () => place.waiting--;
  }

  #goTo(session: HlsSession, rendition: Rendition, segment: number | undefined): Place {
    const { rest, release } = this.#options;
    let turns = this.#turns.get(session);
    if (turns === undefined) this.#turns.set(session, (turns = new Map()));
    const turn = turns.get(rendition.kind);
    if (turn?.now.rendition === rendition) {
      const { now, before } = turn;
      now.first ??= segment;
      if (before === undefined || before.waiting > 0 || segment === undefined || segment === now.first) return now;
      release(session, before.rendition);
      turn.before = undefined;
      return now;
    }
    const back = turn?.before?.rendition === rendition ? turn.before : undefined;
    if (turn?.before !== undefined && back === undefined) release(session, turn.before.rendition);
    if (turn !== undefined) rest(session, turn.now.rendition);
    const now = back ?? { rendition, first: undefined, waiting: 0 };
    now.first = segment;
    turns.set(rendition.kind, { now, before: turn?.now });
    return now;
  }
}
