import type { HardwareEncoder } from "@playhead/hls";
import { AppError } from "../../errors.js";
import { type EncoderFields, publish } from "../channels.js";
import type { EncoderOutput, Piece } from "./encoder-output.js";
import type { EncoderSlots, SlotHolder } from "./encoder-slots.js";
import { commandLine, type FfmpegExit, type FfmpegProcess, startFfmpeg } from "./ffmpeg-process.js";
import { LookAhead, type LookAheadOptions, type Viewer } from "./look-ahead.js";
import type { Scheduler } from "./scheduler.js";
import type { SlotClaim } from "./slot-claim.js";

let runs = 0;

export interface EncoderRunOptions extends Omit<LookAheadOptions, "runways"> {
  readonly ffmpeg: string;
  readonly args: readonly string[];
  readonly output: EncoderOutput;
  readonly slots: EncoderSlots;
  readonly scheduler: Scheduler;
  /** How long it may stand still without a request of a viewer, ms. */
  readonly parkedMs: number;
  /** How long ffmpeg may write nothing while somebody waits, ms. */
  readonly silentMs: number;
  readonly about: Omit<EncoderFields, "ts" | "runId" | "hlsSessionIds" | "startSegment">;
  /** Whether somebody waits for one of the segments to come. */
  readonly isAwaited: () => boolean;
  readonly onPiece: (piece: Piece) => void;
  /** Called once, whatever the end was; without an error it has finished or was stopped. */
  readonly onEnd: (error: unknown) => void;
}

/** How ffmpeg failed, for the log. */
export class EncoderFailure extends Error {
  override readonly name = "EncoderFailure";
  readonly lastLines: readonly string[];
  readonly exitCode: number | null;

  constructor(message: string, lastLines: readonly string[], exitCode: number | null, cause?: unknown) {
    super(message, { cause });
    this.lastLines = lastLines;
    this.exitCode = exitCode;
  }
}

/**
 * One ffmpeg, from one segment of the plan on. It is read only as far ahead of its viewers as the look-ahead allows:
 * past that, nobody empties the pipe and ffmpeg waits.
 */
export class EncoderRun implements SlotHolder {
  readonly id = ++runs;
  readonly startSegment: number;
  readonly #options: EncoderRunOptions;
  readonly #lookAhead: LookAhead;
  readonly #abort = new AbortController();
  #process: FfmpegProcess | undefined;
  #wake: (() => void) | undefined;
  #paused = false;
  #attendedAt = performance.now();
  /** Time at which it would have started had it never been paused: what lies since then is work. */
  #workedSince = 0;
  #startedAt = 0;
  #firstAfterMs: number | undefined;
  #outputAfterMs: number | undefined;
  #lastPieceAt = 0;
  #made = 0;

  constructor(options: EncoderRunOptions) {
    this.#options = options;
    this.startSegment = options.startSegment;
    this.#lookAhead = new LookAhead({ ...options, runways: options.scheduler.runways });
  }

  /** The segment that it will deliver next. */
  get next(): number {
    return this.#lookAhead.next;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  get hasViewers(): boolean {
    return this.#lookAhead.hasViewers;
  }

  hasViewer(id: string): boolean {
    return this.#lookAhead.has(id);
  }

  get hasMade(): boolean {
    return this.#made > 0;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** The hardware that encodes; null for software. */
  get hardware(): HardwareEncoder | null {
    return this.#options.about.hardware;
  }

  /** What is run, for the log. */
  get command(): string {
    return commandLine(this.#options.ffmpeg, this.#options.args);
  }

  /** Milliseconds until it will have made a segment, as far as it can tell; 0 when that one lies behind it. */
  estimateMs(index: number): number {
    const toMake = index - this.next + 1;
    if (toMake <= 0) return 0;
    return this.#made < 2 ? toMake * 500 : (toMake * (this.#lastPieceAt - this.#workedSince)) / this.#made;
  }

  /** What a start costs, measured on this run. */
  get startupMs(): number {
    return this.#firstAfterMs ?? 1500;
  }

  /** A viewer is at a segment: the look-ahead counts from there. */
  attend(viewer: Viewer, index: number): void {
    this.#attendedAt = performance.now();
    this.#lookAhead.attend(viewer, index);
    this.reconsider();
  }

  /** A viewer may have turned away: until it asks again, nothing is made ahead for it. */
  rest(viewer: string): void {
    if (this.#lookAhead.rest(viewer)) this.#options.slots.reconsider();
  }

  /** @returns whether that viewer was here. */
  leave(viewer: string): boolean {
    return this.#lookAhead.leave(viewer);
  }

  claim(): SlotClaim {
    const isAwaited = this.#options.isAwaited();
    const isIdle = this.#paused || (this.#lookAhead.isAtRest && !isAwaited);
    return { ...this.#lookAhead.claim(isAwaited), isIdle };
  }

  yieldSlot(): void {
    this.stop();
  }

  /** Ends it without an error; `run` resolves when the process is gone. */
  stop(): void {
    this.#abort.abort();
    this.#options.slots.release(this);
    this.#resume();
    void this.#process?.stop();
  }

  /** Goes on if it may: a viewer moved, or a warm-up was adopted. */
  reconsider(): void {
    if (this.#paused && !this.#isFarAhead()) this.#resume();
    this.#options.slots.reconsider();
  }

  /**
   * Waits for a slot and runs to the end. Never rejects: the end is told to `onEnd`. Resolves when the process is gone.
   */
  async run(): Promise<void> {
    const { slots, onEnd } = this.#options;
    const queuedAt = performance.now();
    let error: unknown;
    try {
      await this.#queue(slots);
      await this.#encode(queuedAt);
    } catch (cause) {
      if (!this.#abort.signal.aborted) error = cause;
    }
    slots.release(this);
    if (this.#process !== undefined) this.#tellEnd(error);
    onEnd(error);
  }

  async #queue(slots: EncoderSlots): Promise<void> {
    const from = performance.now();
    const hadFree = slots.inUse < slots.limit && slots.waiting === 0;
    const tell = (outcome: "granted" | "busy" | "left") => {
      if (hadFree) return;
      const { priority } = this.claim();
      const waitedMs = Math.round(performance.now() - from);
      publish("playhead:encoder.wait", { ...this.#fields(), priority, waitedMs, outcome });
    };
    try {
      await slots.acquire(this, this.#abort.signal);
      tell("granted");
    } catch (error) {
      tell(this.#abort.signal.aborted ? "left" : "busy");
      throw error;
    }
  }

  async #encode(queuedAt: number): Promise<void> {
    const { ffmpeg, args, output } = this.#options;
    this.#startedAt = this.#workedSince = this.#lastPieceAt = performance.now();
    const child = startFfmpeg(ffmpeg, args);
    this.#process = child;
    const queuedMs = Math.round(this.#startedAt - queuedAt);
    publish("playhead:ffmpeg.start", { ...this.#fields(), pid: child.pid, queuedMs });
    const silence = this.#watchSilence(child);
    try {
      for await (const chunk of child.stdout) {
        silence.heard();
        this.#outputAfterMs ??= Math.round(performance.now() - this.#startedAt);
        for (const piece of output.push(toBytes(chunk))) this.#deliver(piece);
        if (this.#abort.signal.aborted) return;
        await this.#throttle();
      }
      const exit = await child.exited;
      if (this.#abort.signal.aborted) return;
      silence.throwIfTooLong();
      const failure = failureOf(exit, child);
      if (failure !== undefined) throw failure;
      for (const piece of output.end()) this.#deliver(piece);
    } catch (cause) {
      if (this.#abort.signal.aborted || cause instanceof EncoderFailure || cause instanceof AppError) throw cause;
      silence.throwIfTooLong();
      // A process that never started has no output to read either: the reason is the better one of the two.
      if (child.pid === null) throw failureOf(await child.exited, child) ?? cause;
      throw new EncoderFailure(String(cause), child.lastLines(), null, cause);
    } finally {
      silence.end();
      await child.stop();
    }
  }

  /** An ffmpeg that hangs while somebody waits is ended, and counts as one that failed. */
  #watchSilence(child: FfmpegProcess) {
    const { silentMs, isAwaited } = this.#options;
    let heardAt = performance.now();
    let tooLong: EncoderFailure | undefined;
    const timer = setInterval(() => {
      if (this.#paused || !isAwaited()) heardAt = performance.now();
      if (performance.now() - heardAt < silentMs) return;
      clearInterval(timer);
      tooLong = new EncoderFailure(`ffmpeg wrote nothing for ${silentMs / 1000} s`, child.lastLines(), null);
      void child.stop();
    }, silentMs / 8);
    return {
      heard: () => {
        heardAt = performance.now();
      },
      throwIfTooLong: () => {
        if (tooLong !== undefined) throw tooLong;
      },
      end: () => clearInterval(timer),
    };
  }

  #deliver(piece: Piece): void {
    if (piece.type === "segment") {
      const now = performance.now();
      const { boundaries, scheduler, about } = this.#options;
      const { index } = piece;
      const bytes = piece.bytes.byteLength;
      const mediaMs = Math.round(((boundaries[index + 1] ?? 0) - (boundaries[index] ?? 0)) * 1000);
      const tookMs = Math.round(now - this.#lastPieceAt);
      this.#lastPieceAt = now;
      this.#made++;
      this.#lookAhead.made(index, bytes);
      if (this.#firstAfterMs === undefined) {
        this.#firstAfterMs = Math.round(now - this.#workedSince);
        const [afterMs, outputAfterMs] = [this.#firstAfterMs, this.#outputAfterMs ?? this.#firstAfterMs];
        publish("playhead:ffmpeg.first_segment", { ...this.#fields(), index, afterMs, outputAfterMs });
      } else if (about.kind === "video") scheduler.noteWork(mediaMs, tookMs);
      publish("playhead:ffmpeg.segment", { ...this.#fields(), index, bytes, mediaMs, tookMs });
    }
    this.#options.onPiece(piece);
    this.#options.slots.reconsider();
  }

  /** Waits while it is as far ahead as it may be. One that nobody asks anything of holds memory for nothing: it ends. */
  async #throttle(): Promise<void> {
    const from = performance.now();
    while (!this.#abort.signal.aborted && this.#isFarAhead()) {
      this.#paused = true;
      this.#options.slots.reconsider();
      const leftMs = this.#attendedAt + this.#options.parkedMs - performance.now();
      if (leftMs <= 0) this.stop();
      if (this.#abort.signal.aborted) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    if (!this.#paused) return;
    this.#paused = false;
    const pausedMs = performance.now() - from;
    this.#workedSince += pausedMs;
    this.#lastPieceAt += pausedMs;
  }

  #isFarAhead(): boolean {
    return !this.#options.isAwaited() && this.#lookAhead.isFull;
  }

  #resume(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #fields(): EncoderFields {
    return {
      ...this.#options.about,
      ts: Date.now(),
      runId: this.id,
      hlsSessionIds: this.#lookAhead.viewerIds,
      startSegment: this.startSegment,
    };
  }

  #tellEnd(error: unknown): void {
    if (error !== undefined) {
      const exitCode = error instanceof EncoderFailure ? error.exitCode : null;
      const message = error instanceof Error ? error.message : "unknown";
      publish("playhead:ffmpeg.error", { ...this.#fields(), message, exitCode });
      const { hardware } = this;
      if (hardware !== null && !(error instanceof AppError))
        publish("playhead:hardware.fallback", { ...this.#fields(), hardware, message });
    }
    const reason = error !== undefined ? "failed" : this.#abort.signal.aborted ? "stopped" : "finished";
    const lifeMs = Math.round(performance.now() - this.#startedAt);
    publish("playhead:ffmpeg.end", { ...this.#fields(), reason, segments: this.#made, lifeMs });
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError("ffmpeg's output is not read as bytes");
}

function failureOf(exit: FfmpegExit, child: FfmpegProcess): Error | undefined {
  if (exit.type === "spawn_error") return new AppError("ffmpeg_missing", { cause: exit.error });
  if (exit.code === 0) return undefined;
  const how = exit.code === null ? `was ended by ${exit.signal}` : `ended with status ${exit.code}`;
  return new EncoderFailure(`ffmpeg ${how}`, child.lastLines(), exit.code);
}
