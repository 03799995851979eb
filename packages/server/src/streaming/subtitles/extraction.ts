import type { Cue, MediaInfo, SubtitleStream } from "@playhead/hls";
import { Coverage } from "./coverage.js";
import { CueList } from "./cue-list.js";
import { type PassEnd, type SubtitlePass, startSubtitlePass } from "./subtitle-pass.js";

export interface ExtractionOptions {
  readonly ffmpeg: string;
  /** Absolute path. */
  readonly input: string;
  readonly info: MediaInfo;
  readonly streams: readonly SubtitleStream[];
  /** The cues that were found before, of a film that was read whole. */
  readonly known?: ReadonlyMap<number, readonly Cue[]>;
  /** All of the film is read. */
  readonly onComplete: (cues: ReadonlyMap<number, readonly Cue[]>) => void;
  /** ffmpeg failed twice: what is not read stays without subtitles. */
  readonly onFailed: (message: string) => void;
}

interface Running {
  readonly pass: SubtitlePass;
  readonly fromMs: number;
  readonly startedAt: number;
  atMs: number;
}

interface Want {
  readonly fromMs: number;
  readonly toMs: number;
  readonly resolve: () => void;
}

/** Before the place that is wanted, so that what began to be said there is whole. */
const LEAD_MS = 15_000;
/** A running pass that reaches the place in this time is left alone. */
const WORTH_WAITING_MS = 4_000;
const MOVE_DELAY_MS = 250;
const FAIR_TRIAL_MS = 1_000;

/**
 * The text of one film, read by one ffmpeg at a time: forward from where somebody watches, then the gaps. A viewer far from
 * it moves it there. What was read is not read again.
 */
export class Extraction {
  readonly #options: ExtractionOptions;
  readonly #coverage = new Coverage();
  readonly #lists: ReadonlyMap<number, CueList>;
  readonly #wants = new Set<Want>();
  readonly #listeners = new Set<() => void>();
  #running: Running | undefined;
  #moving: Promise<void> = Promise.resolve();
  #moveTimer: NodeJS.Timeout | undefined;
  /** Where the next pass begins, and where somebody wants one. */
  #place = 0;
  #nextPlace = 0;
  #isMoving = false;
  #failures = 0;
  #isOver = false;
  #stopped = false;

  constructor(options: ExtractionOptions) {
    this.#options = options;
    this.#lists = new Map(options.streams.map(({ index }) => [index, new CueList()]));
    if (options.known === undefined) return;
    for (const [index, cues] of options.known) for (const cue of cues) this.#lists.get(index)?.add(cue);
    this.#coverage.add(0, Number.POSITIVE_INFINITY);
    this.#isOver = true;
  }

  /** Nothing more will be found. */
  get isOver(): boolean {
    return this.#isOver;
  }

  cues(streamIndex: number): readonly Cue[] {
    return this.#lists.get(streamIndex)?.all ?? [];
  }

  /** Whether all that begins in a stretch is known. */
  isRead(fromMs: number, toMs: number): boolean {
    return this.#isOver || this.#coverage.has(fromMs, toMs);
  }

  /** Somebody watches there: read on from there, unless that is done or as good as done. */
  near(ms: number): void {
    if (this.#isOver || this.#stopped) return;
    const gap = this.#coverage.gapFrom(ms);
    if (gap === null || this.#comesTo(gap)) {
      if (this.#running === undefined) this.#next();
      return;
    }
    if (this.#running === undefined && !this.#isMoving) {
      this.#place = gap;
      this.#move();
      return;
    }
    // Of a storm of seeks only the last one counts, and a pass that has just begun may be there before another one would.
    this.#nextPlace = gap;
    const ageMs = performance.now() - (this.#running?.startedAt ?? performance.now());
    this.#moveTimer ??= setTimeout(
      () => {
        this.#moveTimer = undefined;
        if (this.#isOver || this.#stopped || this.isRead(this.#nextPlace, this.#nextPlace + 1)) return;
        if (this.#comesTo(this.#nextPlace)) return;
        this.#place = this.#nextPlace;
        this.#move();
      },
      Math.max(MOVE_DELAY_MS, FAIR_TRIAL_MS - ageMs),
    );
  }

  /** The cues of a stretch, when it has been read. @throws when the signal aborts. */
  async between(streamIndex: number, fromMs: number, toMs: number, signal: AbortSignal): Promise<readonly Cue[]> {
    signal.throwIfAborted();
    if (!this.isRead(fromMs, toMs)) {
      await new Promise<void>((resolve, reject) => {
        const want: Want = { fromMs, toMs, resolve: () => settle(resolve) };
        const settle = (then: () => void) => {
          this.#wants.delete(want);
          signal.removeEventListener("abort", onAbort);
          then();
        };
        const onAbort = () => settle(() => reject(signal.reason));
        signal.addEventListener("abort", onAbort, { once: true });
        this.#wants.add(want);
        this.near(fromMs);
      });
    }
    return this.#lists.get(streamIndex)?.between(fromMs, toMs) ?? [];
  }

  /** Told whenever more may be known, and when it is over. @returns what ends it. */
  onMore(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nobody watches: the disk is left alone until somebody does again. */
  rest(): void {
    clearTimeout(this.#moveTimer);
    this.#moveTimer = undefined;
    this.#soon(async () => {
      if (this.#wants.size > 0) return;
      const running = this.#running;
      this.#running = undefined;
      await running?.pass.stop();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#moveTimer);
    await this.#moving;
    const running = this.#running;
    this.#running = undefined;
    await running?.pass.stop();
  }

  /** Whether the pass that runs will soon be at a place. */
  #comesTo(ms: number): boolean {
    const running = this.#running;
    if (running === undefined || ms < running.fromMs) return false;
    const elapsed = Math.max(performance.now() - running.startedAt, 100);
    const speed = (running.atMs - running.fromMs) / elapsed;
    return ms <= running.atMs + LEAD_MS || (ms - running.atMs) / Math.max(speed, 0.001) < WORTH_WAITING_MS;
  }

  /** Takes the one ffmpeg to `#place`. Calls that come while it moves change where it goes. */
  #move(): void {
    this.#isMoving = true;
    this.#soon(async () => {
      this.#isMoving = false;
      const running = this.#running;
      if (running !== undefined && this.#comesTo(this.#place)) return;
      this.#running = undefined;
      await running?.pass.stop();
      if (!this.#stopped && !this.#isOver) this.#start(this.#place);
    });
  }

  /** One after another: there is one ffmpeg. */
  #soon(work: () => Promise<void>): void {
    const before = this.#moving;
    this.#moving = (async () => {
      await before;
      await work();
    })();
  }

  #start(placeMs: number): void {
    const { ffmpeg, input, info, streams } = this.#options;
    const fromMs = placeMs <= LEAD_MS ? 0 : placeMs - LEAD_MS;
    const reached = (ms: number): void => {
      if (this.#running !== running || ms <= running.atMs) return;
      running.atMs = ms;
      this.#coverage.add(fromMs === 0 ? 0 : placeMs, ms);
      this.#tell();
      if (ms > placeMs && this.#coverage.gapFrom(placeMs) !== ms) this.#joined(running);
    };
    const pass = startSubtitlePass({
      ffmpeg,
      input,
      info,
      streams,
      fromMs,
      onReached: reached,
      onCues: (stream, cues) => {
        const list = this.#lists.get(stream.index);
        for (const cue of cues) list?.add(cue);
      },
    });
    const running: Running = { pass, fromMs, startedAt: performance.now(), atMs: fromMs };
    this.#running = running;
    void pass.ended.then((end) => this.#ended(running, placeMs, end));
  }

  /** The pass came to what was read before. */
  #joined(running: Running): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#soon(() => running.pass.stop());
    this.#next();
  }

  #ended(running: Running, placeMs: number, end: PassEnd): void {
    if (this.#running !== running || end.type === "stopped") return;
    this.#running = undefined;
    if (end.type === "finished") {
      this.#failures = 0;
      this.#coverage.add(running.fromMs === 0 ? 0 : placeMs, Number.POSITIVE_INFINITY);
    } else if (++this.#failures > 1 || end.isMissing) {
      this.#over();
      this.#options.onFailed(end.message);
      return;
    } else this.#place = running.atMs;
    this.#tell();
    this.#next();
  }

  /** Goes on with what somebody waits for, else with the first gap. */
  #next(): void {
    if (this.#stopped || this.#isOver) return;
    const [want] = this.#wants;
    const wanted = want === undefined ? this.#place : want.fromMs;
    const place = this.#coverage.gapFrom(wanted) ?? this.#coverage.gapFrom(0);
    if (place === null) {
      this.#over();
      this.#options.onComplete(new Map([...this.#lists].map(([index, list]) => [index, list.all])));
      return;
    }
    this.#place = place;
    this.#move();
  }

  #over(): void {
    this.#isOver = true;
    this.#tell();
  }

  #tell(): void {
    for (const want of this.#wants) {
      if (this.isRead(want.fromMs, want.toMs)) want.resolve();
    }
    for (const listener of this.#listeners) listener();
  }
}
