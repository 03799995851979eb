import type { PlayerState, PlayheadEvent, RecordedEvent } from "@playhead/protocol";
import { measure, sample } from "./order-events.js";

/**
 * What is known of a view's states. `measured`: its sender tells transitions, as ours does. `changes`: it tells each change
 * of state at its time (CMCD's event mode). `samples`: it tells the state of some moments, or none (CMCD on requests).
 */
export type ToldStates = "measured" | "changes" | "samples";

export function toldStates(player: readonly RecordedEvent[]): ToldStates {
  const source = player[0]?.source;
  if (source !== "cmcd" && source !== "cmcd-request") return "measured";
  return player.some(({ event }) => event.type === "state_change") ? "changes" : "samples";
}

/**
 * Makes transitions of told states, so that one timeline serves all senders. A player that says `seeking`, `buffering`,
 * `playing` has sought once, and did not stall; one that says `buffering` before it first played is starting.
 */
export function fromStates(player: readonly RecordedEvent[], told: ToldStates): readonly RecordedEvent[] {
  if (told === "measured") return player;
  const transitions = new Transitions(told, startupOf(player));
  const tellsErrors = player.some(({ event }) => event.type === "error" && event.fatal);
  const events: RecordedEvent[] = [];
  for (const record of player) {
    const { id, seq, ts, positionMs } = record.event;
    const base = { id, seq, ts, ...(positionMs === undefined ? {} : { positionMs }) };
    const made = transitions.to(stateOf(record.event, told));
    for (const fields of made) {
      // Where the error is told by itself, the state that it leaves behind is not another.
      if (fields.type === "error" && tellsErrors) continue;
      events.push({ ...record, event: { ...base, ...fields } });
    }
    // In its own words a change of state would count twice.
    if (record.event.type !== "state_change") events.push(record);
  }
  return events;
}

/** The state that an event tells. On a request, an object that is not urgent is one for later: something plays. */
function stateOf(event: PlayheadEvent, told: ToldStates): PlayerState | undefined {
  if (event.type === "state_change") return event.to;
  const { state, startupMs } = sample(event);
  // Who has measured its start has started.
  if (told === "samples" && state === undefined && startupMs !== undefined) return "playing";
  if (event.type !== "request") return state;
  // A response is told at the time of its request, with the state of when it came: where changes are told, they are exact.
  if (told === "changes") return undefined;
  if (state !== undefined) return state;
  return event.kind === "segment" && event.urgent !== true && event.bufferMs !== undefined ? "playing" : undefined;
}

function startupOf(player: readonly RecordedEvent[]): number | undefined {
  for (const { event } of player) {
    const startupMs = measure(sample(event).startupMs);
    if (startupMs !== undefined) return startupMs;
  }
  return undefined;
}

type Fields =
  | { readonly type: "play_request" | "play" | "pause" | "seek_start" | "seek_end" | "rebuffer_start" | "rebuffer_end" }
  | { readonly type: "first_frame"; readonly startupMs?: number }
  | { readonly type: "error"; readonly code: string; readonly fatal: true }
  | { readonly type: "end"; readonly reason: "ended" };

class Transitions {
  readonly #told: ToldStates;
  readonly #startupMs: number | undefined;
  #state: PlayerState | undefined;
  #started = false;
  /** Within a seek: what the player did when it began. */
  #soughtFrom: "playing" | "paused" | undefined;

  constructor(told: ToldStates, startupMs: number | undefined) {
    this.#told = told;
    this.#startupMs = startupMs;
  }

  /** What happened, in order, when the player came to say this state. */
  to(state: PlayerState | undefined): readonly Fields[] {
    if (state === undefined || state === this.#state) return [];
    const before = this.#state;
    this.#state = state;
    return this.#started ? this.#after(before, state) : this.#before(state);
  }

  #before(state: PlayerState): readonly Fields[] {
    switch (state) {
      case "playing":
        this.#started = true;
        return [{ type: "first_frame", ...(this.#startupMs === undefined ? {} : { startupMs: this.#startupMs }) }];
      case "loading":
        // The time of a sample is not that of the intent.
        return this.#told === "changes" ? [{ type: "play_request" }] : [];
      case "paused":
        return [{ type: "pause" }];
      default:
        return this.#over(state);
    }
  }

  #after(before: PlayerState | undefined, state: PlayerState): readonly Fields[] {
    switch (state) {
      case "playing":
        return this.#playing(before);
      case "seeking":
        this.#soughtFrom ??= before === "paused" || before === "ended" ? "paused" : "playing";
        return [{ type: "seek_start" }];
      case "buffering":
        return this.#soughtFrom === undefined ? [{ type: "rebuffer_start" }] : [];
      case "paused":
        return this.#seeks() ? [{ type: "pause" }, { type: "seek_end" }] : [{ type: "pause" }];
      default:
        return this.#over(state);
    }
  }

  #playing(before: PlayerState | undefined): readonly Fields[] {
    if (this.#soughtFrom === "paused" && before === "seeking") {
      // Its end is not told by those who stay silent until the viewer goes on: how long it took is not known.
      this.#soughtFrom = undefined;
      return [{ type: "play" }];
    }
    if (this.#seeks()) return [{ type: "play" }, { type: "seek_end" }];
    if (before === "buffering") return [{ type: "rebuffer_end" }];
    // What had looked fatal was survived.
    return [{ type: before === "error" ? "first_frame" : "play" }];
  }

  #over(state: PlayerState): readonly Fields[] {
    this.#soughtFrom = undefined;
    if (state === "ended") return [{ type: "end", reason: "ended" }];
    return state === "error" ? [{ type: "error", code: "fatal", fatal: true }] : [];
  }

  /** Whether a seek was under way; it is over then. */
  #seeks(): boolean {
    const seeks = this.#soughtFrom !== undefined;
    this.#soughtFrom = undefined;
    return seeks;
  }
}
