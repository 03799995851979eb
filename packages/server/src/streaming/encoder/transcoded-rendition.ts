import type { AudioTranscode, VideoTranscode } from "@playhead/hls";
import type { FastifyBaseLogger } from "fastify";
import { AppError } from "../../errors.js";
import { Awaited } from "./awaited.js";
import type { Piece } from "./encoder-output.js";
import { EncoderFailure, EncoderRun, type EncoderRunOptions } from "./encoder-run.js";
import type { Viewer } from "./look-ahead.js";
import type { Runways } from "./runways.js";
import { Settling } from "./settling.js";

/** A part, and how long it had to be waited for; 0 when it was there. */
export interface Made {
  readonly bytes: Uint8Array;
  readonly waitMs: number;
  /** Whether it had been made before; null where nothing is made. */
  readonly cached: boolean | null;
}

/** Where made segments are kept: memory and disk. `part` is `init` or an index. */
export interface PartStore {
  /** At once, from memory or what is being written. */
  peek(part: Part): Uint8Array | undefined;
  get(part: Part): Promise<Uint8Array | undefined>;
  has(part: Part): boolean;
  put(part: Part, bytes: Uint8Array): void;
}

export type Part = "init" | number;

export interface TranscodedRenditionOptions {
  readonly rendition: VideoTranscode | AudioTranscode;
  readonly store: PartStore;
  readonly runways: Runways;
  readonly log: FastifyBaseLogger;
  /** The file, for the log. */
  readonly file: string;
  /** The init segment where no encoder is needed to know it. */
  readonly init: (() => Uint8Array) | undefined;
  /** Everything of a run but what this class knows itself. */
  readonly runOptions: (
    startSegment: number,
  ) => Omit<EncoderRunOptions, "startSegment" | "boundaries" | "isAwaited" | "onPiece" | "onEnd">;
  /** A run's hardware failed: the next one uses it no more. */
  readonly onHardwareFailed: () => void;
  /** A run has begun; the promise settles when its process is gone. */
  readonly onRun: (ended: Promise<void>) => void;
  /** Nobody needs it any more. */
  readonly onIdle: () => void;
}

interface Seeks {
  readonly settling: Settling;
  timer: NodeJS.Timeout | undefined;
  /** Its viewer is gone. */
  isOver: boolean;
}

/** A run that meets this many segments that are there already has nothing more to do. */
const knownToStop = 4;
/** Segments that it is never worth a new start for. */
const alwaysInReach = 2;

/** A transcoded rendition of one file: its runs, and who waits for which segment. Shared by all who watch it. */
export class TranscodedRendition {
  readonly #options: TranscodedRenditionOptions;
  readonly #runs = new Set<EncoderRun>();
  readonly #awaited = new Map<Part, Awaited<Uint8Array>>();
  /** How each viewer jumps about, and the timer of its next start. */
  readonly #seeks = new Map<string, Seeks>();
  #failures = 0;

  constructor(options: TranscodedRenditionOptions) {
    this.#options = options;
  }

  get runs(): ReadonlySet<EncoderRun> {
    return this.#runs;
  }

  /** @param near segment with which playback will begin: where the run that tells the init is best started. */
  async init(near: number, viewer: Viewer, signal: AbortSignal): Promise<Made> {
    if (this.#options.init !== undefined) return { bytes: this.#options.init(), waitMs: 0, cached: true };
    return await this.#part("init", near, viewer, signal);
  }

  /**
   * @throws {AppError} transcode_failed, ffmpeg_missing, busy
   */
  segment(index: number, viewer: Viewer, signal: AbortSignal): Promise<Made> {
    return this.#part(index, index, viewer, signal);
  }

  /** A viewer is gone, or has turned to something else. */
  release(viewerId: string): void {
    // A start that is due stays so: it is none where nobody waits any more.
    const seeks = this.#seeks.get(viewerId);
    if (seeks !== undefined) seeks.isOver = true;
    this.#seeks.delete(viewerId);
    for (const run of this.#runs) if (run.leave(viewerId)) this.#endIfUnwanted(run);
    this.#tellIfIdle();
  }

  /** A viewer may have turned to something else: nothing is made ahead for it until it asks again. */
  rest(viewerId: string): void {
    for (const run of this.#runs) run.rest(viewerId);
  }

  /** A viewer's priority changed. */
  reconsider(): void {
    for (const run of this.#runs) run.reconsider();
  }

  stop(): void {
    for (const { timer } of this.#seeks.values()) clearTimeout(timer);
    this.#seeks.clear();
    const stopped = new AppError("busy", { message: "The server is stopping." });
    for (const awaited of this.#awaited.values()) awaited.reject(stopped);
    this.#awaited.clear();
    for (const run of this.#runs) this.#end(run);
  }

  async #part(part: Part, index: number, viewer: Viewer, signal: AbortSignal): Promise<Made> {
    const { store } = this.#options;
    const kept = store.peek(part) ?? (await store.get(part)) ?? store.peek(part);
    if (kept !== undefined) {
      // Its viewer moves on: the run that works ahead of it may, too.
      if (part !== "init") {
        const byEncoder = [...this.#runs].filter((run) => this.#follow(run, viewer, index)).length > 0;
        this.#noteServed(viewer, index, byEncoder);
      }
      return { bytes: kept, waitMs: 0, cached: true };
    }
    const from = performance.now();
    signal.throwIfAborted();
    let awaited = this.#awaited.get(part);
    if (awaited === undefined) this.#awaited.set(part, (awaited = new Awaited()));
    const waiting = awaited.wait(signal, () => this.#givenUp(part, awaited));
    this.#provide(part, index, viewer);
    const bytes = await waiting;
    if (part !== "init") this.#noteServed(viewer, index, true);
    return { bytes, waitMs: performance.now() - from, cached: false };
  }

  /** @returns whether that run works ahead of this viewer. */
  #follow(run: EncoderRun, viewer: Viewer, index: number): boolean {
    if (!run.hasViewer(viewer.id) || index >= run.next || index < run.startSegment) return false;
    run.attend(viewer, index);
    return true;
  }

  /** A viewer gets a segment: it can play on for so long. */
  #noteServed(viewer: Viewer, index: number, byEncoder: boolean): void {
    const { rendition, runways } = this.#options;
    if (rendition.kind !== "video" || viewer.priority !== "playing") return;
    const { boundaries } = rendition.plan;
    runways.served(viewer.id, boundaries[index] ?? 0, boundaries[index + 1] ?? 0, byEncoder);
  }

  /** Nobody waits for it any more; a run that was not started yet for it is not started. */
  #givenUp(part: Part, awaited: Awaited<Uint8Array>): void {
    if (this.#awaited.get(part) === awaited && awaited.waiters === 0) this.#awaited.delete(part);
    for (const run of this.#runs) {
      if (!run.hasViewers) this.#endIfUnwanted(run);
      // One that was started for it and has nothing yet has no other reason either.
      else if (!run.hasMade && !this.#isAwaited(run)) this.#end(run);
    }
    this.#tellIfIdle();
  }

  /** Sees to it that a run makes this part. */
  #provide(part: Part, index: number, viewer: Viewer): void {
    const running = [...this.#runs].find((run) => this.#isInReach(run, part, index));
    if (running !== undefined) {
      this.#moveTo(running, viewer, index);
      return;
    }
    const seeks = this.#seeks.get(viewer.id) ?? { settling: new Settling(), timer: undefined, isOver: false };
    this.#seeks.set(viewer.id, seeks);
    clearTimeout(seeks.timer);
    const waitMs = seeks.settling.seek(index);
    const begin = () => {
      seeks.timer = undefined;
      this.#serveWaiting(seeks.isOver ? undefined : viewer);
    };
    if (waitMs === 0) this.#start(index, viewer);
    else seeks.timer = setTimeout(begin, waitMs);
  }

  /** Starts what is still waited for and no run will make. */
  #serveWaiting(viewer: Viewer | undefined): void {
    const wanted = [...this.#awaited].filter(([, awaited]) => awaited.waiters > 0).map(([part]) => part);
    for (const part of wanted) {
      const index = part === "init" ? (wanted.find((other) => other !== "init") ?? 0) : part;
      if (typeof index !== "number" || [...this.#runs].some((run) => this.#isInReach(run, part, index))) continue;
      this.#start(index, viewer);
    }
  }

  #isInReach(run: EncoderRun, part: Part, index: number): boolean {
    // The init segment is the first thing that a run writes.
    if (part === "init") return run.next === run.startSegment;
    if (index < run.next) return false;
    // What somebody waits for on the way there is made anyway, and a second encoder would only make both late.
    let from = index;
    while (from > run.next && (this.#awaited.get(from - 1)?.waiters ?? 0) > 0) from--;
    if (from - run.next < alwaysInReach) return true;
    return run.estimateMs(index) <= run.startupMs;
  }

  #start(index: number, viewer: Viewer | undefined): void {
    const { rendition, runOptions } = this.#options;
    const run: EncoderRun = new EncoderRun({
      ...runOptions(index),
      startSegment: index,
      boundaries: rendition.plan.boundaries,
      isAwaited: () => this.#isAwaited(run),
      onPiece: (piece) => this.#keep(run, piece),
      onEnd: (error) => this.#ended(run, viewer, error),
    });
    this.#runs.add(run);
    if (viewer !== undefined) this.#moveTo(run, viewer, index);
    this.#options.onRun(run.run());
  }

  /** The viewer leaves the run it was at; that one ends unless somebody else needs it. */
  #moveTo(run: EncoderRun, viewer: Viewer, index: number): void {
    run.attend(viewer, index);
    for (const other of this.#runs) {
      if (other !== run && other.leave(viewer.id)) this.#endIfUnwanted(other);
    }
  }

  #endIfUnwanted(run: EncoderRun): void {
    if (run.hasViewers || this.#isAwaited(run)) return;
    this.#end(run);
  }

  #end(run: EncoderRun): void {
    this.#runs.delete(run);
    run.stop();
  }

  #isAwaited(run: EncoderRun): boolean {
    for (const [part, awaited] of this.#awaited) {
      if (awaited.waiters === 0) continue;
      if (this.#isInReach(run, part, part === "init" ? run.startSegment : part)) return true;
    }
    return false;
  }

  #keep(run: EncoderRun, piece: Piece): void {
    const part = piece.type === "init" ? "init" : piece.index;
    this.#options.store.put(part, piece.bytes);
    const awaited = this.#awaited.get(part);
    this.#awaited.delete(part);
    awaited?.resolve(piece.bytes);
    if (piece.type === "init") return;
    this.#failures = 0;
    const { store, rendition } = this.#options;
    const end = Math.min(run.next + knownToStop, rendition.plan.boundaries.length - 1);
    let known = run.next;
    while (known < end && store.has(known)) known++;
    // What follows is there already, or nobody is left to see it.
    const nothingToDo = known === end && end > run.next;
    if ((nothingToDo || !run.hasViewers) && !this.#isAwaited(run)) this.#end(run);
  }

  #ended(run: EncoderRun, viewer: Viewer | undefined, error: unknown): void {
    const endedByItself = this.#runs.delete(run);
    if (error !== undefined) this.#failed(run, error);
    // One that lost its slot, or that failed once, leaves others waiting: they get a new one.
    if (endedByItself) this.#serveWaiting(viewer);
    this.#tellIfIdle();
  }

  #failed(run: EncoderRun, error: unknown): void {
    const { log, rendition, file } = this.#options;
    const detail = { err: error, file, rendition: rendition.id, segment: run.next, command: run.command };
    const lastLines = error instanceof EncoderFailure ? error.lastLines : [];
    if (run.hardware !== null && !(error instanceof AppError)) {
      this.#options.onHardwareFailed();
      const told = "A hardware encoder failed; software goes on at the segment it owed";
      log.warn({ ...detail, encoder: run.hardware, lastLines }, told);
      return;
    }
    this.#failures++;
    if (this.#failures < 2 && !(error instanceof AppError)) {
      log.warn({ ...detail, lastLines }, "ffmpeg failed; it is started again at the segment it owed");
      return;
    }
    this.#failures = 0;
    log.error({ ...detail, lastLines }, "ffmpeg failed");
    const told = error instanceof AppError ? error : new AppError("transcode_failed", { cause: error });
    for (const [part, awaited] of this.#awaited) {
      if (part !== "init" && part < run.next) continue;
      this.#awaited.delete(part);
      awaited.reject(told);
    }
  }

  #tellIfIdle(): void {
    if (this.#runs.size === 0 && this.#awaited.size === 0) this.#options.onIdle();
  }
}
