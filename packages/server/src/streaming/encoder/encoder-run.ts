import { AppError } from "../../errors.js";
import { type EncoderFields, publish } from "../channels.js";
import type { EncoderOutput, Piece } from "./encoder-output.js";
import type { EncoderPriority, EncoderSlots, SlotHolder } from "./encoder-slots.js";
import { type FfmpegExit, type FfmpegProcess, startFfmpeg } from "./ffmpeg-process.js";

let runs = 0;

export interface EncoderRunOptions {
  readonly ffmpeg: string;
  readonly args: readonly string[];
  readonly output: EncoderOutput;
  /** Segment boundaries of the plan, seconds. */
  readonly boundaries: readonly number[];
  readonly startSegment: number;
  readonly slots: EncoderSlots;
  readonly priority: EncoderPriority;
  readonly lookAheadS: number;
  readonly lookAheadBytes: number;
  readonly about: Pick<EncoderFields, "mediaId" | "rendition" | "kind">;
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
  readonly #abort = new AbortController();
  /** Where each viewer is: the last segment it asked for. */
  readonly #viewers = new Map<string, number>();
  #next: number;
  #process: FfmpegProcess | undefined;
  #wake: (() => void) | undefined;
  #paused = false;
  /** Sizes of the segments made since, by index: those that no viewer reached yet are the look-ahead. */
  readonly #sizes = new Map<number, number>();
  #startedAt = 0;
  #firstAfterMs: number | undefined;
  #lastPieceAt = 0;
  #made = 0;

  constructor(options: EncoderRunOptions) {
    this.#options = options;
    this.startSegment = options.startSegment;
    this.#next = options.startSegment;
  }

  /** The segment that it will deliver next. */
  get next(): number {
    return this.#next;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  get hasViewers(): boolean {
    return this.#viewers.size > 0;
  }

  hasViewer(id: string): boolean {
    return this.#viewers.has(id);
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Milliseconds until it will have made a segment, as far as it can tell; 0 when that one lies behind it. */
  estimateMs(index: number): number {
    const toMake = index - this.#next + 1;
    if (toMake <= 0) return 0;
    return this.#made < 2 ? toMake * 500 : (toMake * (this.#lastPieceAt - this.#startedAt)) / this.#made;
  }

  /** What a start costs, measured on this run. */
  get startupMs(): number {
    return this.#firstAfterMs ?? 1500;
  }

  /** A viewer is at a segment: the look-ahead counts from there. */
  attend(viewer: string, index: number): void {
    this.#viewers.set(viewer, index);
    this.#reconsider();
  }

  /** @returns whether that viewer was here. */
  leave(viewer: string): boolean {
    return this.#viewers.delete(viewer);
  }

  slack(): number | undefined {
    if (this.#options.isAwaited()) return undefined;
    return this.#viewers.size === 0 ? Number.POSITIVE_INFINITY : this.#next - 1 - this.#demand();
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

  /**
   * Waits for a slot and runs to the end. Never rejects: the end is told to `onEnd`. Resolves when the process is gone.
   */
  async run(): Promise<void> {
    const { slots, onEnd } = this.#options;
    const queuedAt = performance.now();
    let error: unknown;
    try {
      await slots.acquire(this, this.#options.priority, this.#abort.signal);
      await this.#encode(queuedAt);
    } catch (cause) {
      if (!this.#abort.signal.aborted) error = cause;
    }
    slots.release(this);
    if (this.#process !== undefined) this.#tellEnd(error);
    onEnd(error);
  }

  async #encode(queuedAt: number): Promise<void> {
    const { ffmpeg, args, output } = this.#options;
    this.#startedAt = this.#lastPieceAt = performance.now();
    const child = startFfmpeg(ffmpeg, args);
    this.#process = child;
    const queuedMs = Math.round(this.#startedAt - queuedAt);
    publish("playhead:ffmpeg.start", { ...this.#fields(), pid: child.pid, queuedMs });
    try {
      for await (const chunk of child.stdout) {
        for (const piece of output.push(toBytes(chunk))) this.#deliver(piece);
        if (this.#abort.signal.aborted) return;
        await this.#throttle();
      }
      const exit = await child.exited;
      if (this.#abort.signal.aborted) return;
      const failure = failureOf(exit, child);
      if (failure !== undefined) throw failure;
      for (const piece of output.end()) this.#deliver(piece);
    } catch (cause) {
      if (this.#abort.signal.aborted || cause instanceof EncoderFailure || cause instanceof AppError) throw cause;
      // A process that never started has no output to read either: the reason is the better one of the two.
      if (child.pid === null) throw failureOf(await child.exited, child) ?? cause;
      throw new EncoderFailure(String(cause), child.lastLines(), null, cause);
    } finally {
      await child.stop();
    }
  }

  #deliver(piece: Piece): void {
    if (piece.type === "segment") {
      const now = performance.now();
      const { boundaries } = this.#options;
      const mediaMs = Math.round(((boundaries[piece.index + 1] ?? 0) - (boundaries[piece.index] ?? 0)) * 1000);
      const tookMs = Math.round(now - this.#lastPieceAt);
      this.#lastPieceAt = now;
      this.#made++;
      this.#next = piece.index + 1;
      this.#sizes.set(piece.index, piece.bytes.byteLength);
      const { index } = piece;
      if (this.#firstAfterMs === undefined) {
        this.#firstAfterMs = Math.round(now - this.#startedAt);
        publish("playhead:ffmpeg.first_segment", { ...this.#fields(), index, afterMs: this.#firstAfterMs });
      }
      publish("playhead:ffmpeg.segment", { ...this.#fields(), index, bytes: piece.bytes.byteLength, mediaMs, tookMs });
    }
    this.#options.onPiece(piece);
    this.#options.slots.reconsider();
  }

  /** Waits while it is as far ahead as it may be. */
  async #throttle(): Promise<void> {
    while (!this.#abort.signal.aborted && this.#isFarAhead()) {
      this.#paused = true;
      this.#options.slots.reconsider();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#paused = false;
  }

  #isFarAhead(): boolean {
    if (this.#options.isAwaited()) return false;
    const { boundaries, lookAheadS, lookAheadBytes } = this.#options;
    const demand = this.#demand();
    let bytes = 0;
    for (const [index, size] of this.#sizes) {
      if (index <= demand) this.#sizes.delete(index);
      else bytes += size;
    }
    if (bytes >= lookAheadBytes) return true;
    return (boundaries[this.#next] ?? 0) - (boundaries[demand + 1] ?? 0) >= lookAheadS;
  }

  /** The furthest segment that a viewer is at. */
  #demand(): number {
    return Math.max(this.startSegment, ...this.#viewers.values());
  }

  #reconsider(): void {
    if (this.#paused && !this.#isFarAhead()) this.#resume();
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
      hlsSessionIds: [...this.#viewers.keys()],
      startSegment: this.startSegment,
    };
  }

  #tellEnd(error: unknown): void {
    if (error !== undefined) {
      const exitCode = error instanceof EncoderFailure ? error.exitCode : null;
      const message = error instanceof Error ? error.message : "unknown";
      publish("playhead:ffmpeg.error", { ...this.#fields(), message, exitCode });
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
