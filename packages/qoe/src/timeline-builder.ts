import type { EventOf, PlayheadEvent, RecordedEvent } from "@playhead/protocol";
import { measure, sample } from "./order-events.js";
import { MIN_STALL_MS } from "./rebuffering.js";
import { StartEvidence } from "./start-evidence.js";
import { type PlaybackState, SIGN_OF_LIFE_MS, SILENCE_MS, type Span, type Timeline } from "./timeline.js";
import { type TimelineHints, timelineHints } from "./timeline-hints.js";

/** A playhead that moved by this much since a state began has left that state, whatever was lost on the way. */
const MOVED_MS = 1_000;

/** Folds the player's events, in order, into spans of state. */
export function buildTimeline(player: readonly RecordedEvent[]): Timeline {
  const builder = new TimelineBuilder(timelineHints(player));
  for (let i = 0; i < player.length; i++) {
    const record = player[i];
    if (record !== undefined) builder.add(record.event, i);
  }
  return builder.finish();
}

class TimelineBuilder {
  readonly #hints: TimelineHints;
  readonly #evidence: StartEvidence;
  readonly #spans: Span[] = [];

  #state: PlaybackState = "idle";
  #since = 0;
  #resumed = false;
  /** Playhead when the state began. */
  #sincePosition: number | undefined;

  #lastTs: number | undefined;
  #position: number | undefined;
  #intentAt: number | null = null;
  #startedAt: number | null = null;
  /** What playback returns to after a seek. */
  #wantsPlay = false;
  /** A stall began where it is none, or was closed by something else: the end that belongs to it says nothing. */
  #ignoreStallEnd = false;
  /** A seek was counted without its end: a late end is not another seek. */
  #ignoreSeekEnd = false;
  #seekHasEnd = false;
  #seekAt = 0;
  #failure: PlayheadEvent | null = null;
  #end: PlayheadEvent | null = null;

  constructor(hints: TimelineHints) {
    this.#hints = hints;
    this.#evidence = new StartEvidence(hints);
  }

  add(event: PlayheadEvent, index: number): void {
    const position = sample(event).positionMs;
    if (this.#lastTs === undefined) this.#since = event.ts;
    else this.#passSilence(event.ts, position);
    this.#lastTs = event.ts;
    this.#position = position ?? this.#position;
    this.#sincePosition ??= position;

    if (this.#startedAt === null) {
      const startedAt = this.#evidence.read(event);
      if (startedAt !== undefined) this.#start(Math.min(event.ts, Math.max(this.#since, startedAt)));
    }
    this.#apply(event, index);
  }

  finish(): Timeline {
    const state = this.#state;
    if (this.#lastTs !== undefined) this.#close(this.#lastTs);
    return {
      spans: this.#spans,
      intentAt: this.#intentAt,
      startedAt: this.#startedAt,
      state,
      failure: this.#failure,
      end: this.#end,
    };
  }

  #apply(event: PlayheadEvent, index: number): void {
    switch (event.type) {
      case "play_request":
        this.#intend(event.ts);
        break;
      case "play":
        this.#play(event.ts);
        break;
      case "first_frame":
        if (this.#startedAt === null) this.#start(event.ts);
        else if (this.#state !== "seeking" && this.#state !== "playing") this.#goOn(event.ts);
        break;
      case "pause":
        this.#pause(event.ts);
        break;
      case "seek_start":
        this.#seekStart(event, index);
        break;
      case "seek_end":
        this.#seekEnd(event);
        break;
      case "rebuffer_start":
        this.#stallStart(event.ts);
        break;
      case "rebuffer_end":
        this.#stallEnd(event);
        break;
      case "heartbeat":
        this.#heartbeat(event);
        break;
      case "state_change":
        this.#stateChange(event);
        break;
      case "error":
        if (event.fatal) this.#fail(event);
        break;
      case "end":
        this.#reachEnd(event);
        break;
      default:
        break;
    }
  }

  // ---- intent and start

  #intend(ts: number): void {
    if (this.#state !== "idle") return;
    // Without a reported intent, the source that was handed to the player is the first sign of one.
    const load = this.#hints.reportsPlayRequest ? null : this.#hints.firstLoadAt;
    this.#intentAt = load === null ? ts : Math.min(ts, load);
    this.#move("waiting_start", this.#intentAt);
    this.#wantsPlay = true;
  }

  #start(ts: number): void {
    if (this.#state === "idle" && this.#hints.firstLoadAt !== null && !this.#hints.reportsPlayRequest) this.#intend(ts);
    this.#startedAt = ts;
    this.#goOn(ts);
  }

  /** Playback moves, so whatever stopped it before is over. */
  #goOn(ts: number): void {
    this.#wantsPlay = true;
    this.#failure = null;
    this.#end = null;
    this.#move("playing", ts);
  }

  // ---- play and pause

  #play(ts: number): void {
    if (this.#startedAt === null) {
      if (this.#state === "idle") this.#intend(ts);
      else if (this.#state === "paused") this.#move("waiting_start", ts);
    } else if (this.#state === "paused" || this.#state === "ended" || this.#state === "idle") this.#goOn(ts);
    else if (this.#state === "seeking") this.#turnWithinSeek(ts, true);
    this.#wantsPlay = true;
  }

  #pause(ts: number): void {
    switch (this.#state) {
      case "waiting_start":
      case "playing":
        this.#move("paused", ts);
        break;
      case "rebuffering":
        this.#ignoreStallEnd = true;
        this.#move("paused", ts);
        break;
      case "seeking":
        this.#turnWithinSeek(ts, false);
        break;
      default:
        break;
    }
    this.#wantsPlay = false;
  }

  /** What the player says of its own state: needed where it is the only word for it. */
  #stateChange(event: EventOf<"state_change">): void {
    const { to, ts } = event;
    if (this.#state === "failed" && to !== "error") {
      // Playback survived what had looked fatal.
      if (this.#startedAt !== null) this.#goOn(ts);
      else if (this.#failure !== null) {
        this.#failure = null;
        this.#move("waiting_start", ts);
      }
    }
    if (this.#startedAt === null) return;
    if (to === "playing" && (this.#state === "paused" || this.#state === "ended")) this.#goOn(ts);
    else if (to === "paused" && this.#state === "playing") this.#pause(ts);
    else if (to === "ended" && this.#state !== "ended") this.#reachEnd(event);
  }

  // ---- seeks

  #seekStart(event: EventOf<"seek_start">, index: number): void {
    if (this.#startedAt === null || this.#state === "failed") return;
    if (this.#state === "seeking") {
      // One drag of the slider is one seek, however many times it moved the playhead.
      if (this.#seekHasEnd) return;
      this.#closeSeek(event.ts, null);
    }
    if (this.#state === "rebuffering") this.#ignoreStallEnd = true;
    if (this.#state === "ended") this.#end = null;
    this.#move("seeking", event.ts);
    this.#seekAt = event.ts;
    this.#seekHasEnd = this.#hints.seeksWithEnd.has(index);
  }

  #seekEnd(event: EventOf<"seek_end">): void {
    if (this.#startedAt === null || this.#state === "failed" || this.#state === "ended") return;
    const durationMs = measure(event.durationMs);
    this.#position = event.positionMs ?? event.toMs ?? this.#position;
    if (this.#state === "seeking") {
      this.#closeSeek(event.ts, durationMs ?? event.ts - this.#seekAt);
    } else if (this.#ignoreSeekEnd) {
      this.#ignoreSeekEnd = false;
    } else {
      // Its start was lost.
      const back = this.#state;
      this.#move("seeking", event.ts);
      this.#close(event.ts, durationMs ?? null);
      this.#state = back;
    }
  }

  /** Play or pause: the end of a seek whose own end is not told, else only what the seek returns to. */
  #turnWithinSeek(ts: number, wantsPlay: boolean): void {
    if (this.#seekHasEnd) {
      this.#move("seeking", ts);
      this.#resumed = true;
    } else this.#closeSeek(ts, null, wantsPlay);
  }

  #closeSeek(ts: number, latencyMs: number | null, wantsPlay = this.#wantsPlay): void {
    this.#ignoreSeekEnd = latencyMs === null;
    this.#move(wantsPlay ? "playing" : "paused", ts, latencyMs);
  }

  // ---- stalls

  #stallStart(ts: number): void {
    if (this.#state === "rebuffering") return;
    if (this.#state === "seeking" && !this.#seekHasEnd) this.#closeSeek(ts, null);
    const stalls = this.#isIn("playing");
    if (stalls) this.#move("rebuffering", ts);
    this.#ignoreStallEnd = !stalls;
  }

  #stallEnd(event: EventOf<"rebuffer_end">): void {
    const durationMs = measure(event.durationMs);
    if (this.#state === "seeking" && !this.#seekHasEnd) {
      this.#closeSeek(event.ts, null);
    } else if (this.#state === "rebuffering") {
      if (durationMs !== undefined && !this.#resumed) this.#shiftStallStart(event.ts - durationMs);
      this.#move("playing", event.ts);
    } else if (this.#state === "playing" && !this.#ignoreStallEnd && durationMs !== undefined) {
      // Its start was lost.
      this.#move("rebuffering", Math.max(this.#since, event.ts - durationMs));
      this.#move("playing", event.ts);
    }
    this.#ignoreStallEnd = false;
  }

  /** The player's own measure of a stall is better than the times of its two events: moves the stall's start to `from`. */
  #shiftStallStart(from: number): void {
    const before = this.#spans.at(-1);
    if (from > this.#since) {
      this.#push("playing", this.#since, from);
      this.#since = from;
    } else if (before?.state === "playing" && before.to === this.#since) {
      this.#since = Math.max(before.from, from);
      this.#spans[this.#spans.length - 1] = { ...before, to: this.#since };
    }
  }

  // ---- signs of life, and their absence

  #heartbeat(event: EventOf<"heartbeat">): void {
    if (this.#startedAt === null) return;
    if (this.#state === "seeking") {
      if (!this.#seekHasEnd) this.#closeSeek(event.ts, null);
      return;
    }
    if (this.#state === "playing") return;
    // The event that led out of this state was lost, if the playhead moved on as only playing moves it.
    const { positionMs } = event;
    if (positionMs === undefined || this.#sincePosition === undefined) return;
    const moved = positionMs - this.#sincePosition;
    if (moved < MOVED_MS || moved > 4 * (event.ts - this.#since) + MOVED_MS) return;
    if (this.#state === "rebuffering") this.#ignoreStallEnd = true;
    this.#goOn(Math.max(this.#since, event.ts - moved));
  }

  /** A sleeping laptop plays nothing. A throttled background tab does, and its playhead says so. */
  #passSilence(ts: number, position: number | undefined): void {
    const last = this.#lastTs ?? ts;
    if (ts - last <= SILENCE_MS || !this.#hints.reportsHeartbeats) return;
    const state = this.#state;
    if (state !== "playing" && state !== "rebuffering" && state !== "seeking") return;
    let alive = SIGN_OF_LIFE_MS;
    if (state === "playing" && position !== undefined && this.#position !== undefined) {
      alive = Math.max(alive, position - this.#position);
    }
    if (last + alive >= ts) return;
    this.#move("silent", last + alive);
    this.#move(state, ts);
    this.#resumed = state !== "playing";
  }

  // ---- the end

  #fail(event: EventOf<"error">): void {
    this.#intend(event.ts);
    if (this.#state === "ended") return;
    this.#failure = event;
    this.#move("failed", event.ts);
  }

  #reachEnd(event: EventOf<"end"> | EventOf<"state_change">): void {
    this.#move("ended", event.ts);
    this.#wantsPlay = false;
    // Whoever leaves after the last frame has still seen it.
    const sawEnd = this.#end?.type === "state_change" || (this.#end?.type === "end" && this.#end.reason === "ended");
    if (!sawEnd) this.#end = event;
  }

  // ---- spans

  #move(state: PlaybackState, ts: number, latencyMs: number | null = null): void {
    this.#close(ts, latencyMs);
    this.#state = state;
    this.#sincePosition = this.#position;
  }

  /** Ends the span at `ts` and lets the next begin there. */
  #close(ts: number, latencyMs: number | null = null): void {
    const stall = this.#state === "rebuffering" && (this.#resumed || ts - this.#since >= MIN_STALL_MS);
    const state = this.#state === "rebuffering" && !stall ? "playing" : this.#state;
    this.#push(state, this.#since, ts, latencyMs);
    this.#since = ts;
    this.#resumed = false;
  }

  /** A call in place of a comparison, where the compiler would not see that a method has changed the state. */
  #isIn(state: PlaybackState): boolean {
    return this.#state === state;
  }

  #push(state: PlaybackState, from: number, to: number, latencyMs: number | null = null): void {
    const before = this.#spans.at(-1);
    if (state === "playing" && before?.state === "playing") {
      this.#spans[this.#spans.length - 1] = { ...before, to };
    } else if (to > from || state === "seeking") {
      this.#spans.push({ state, from, to, resumed: this.#resumed, wantsPlay: this.#wantsPlay, latencyMs });
    }
  }
}
