import { HARDWARE_FORMAT, type HardwareEncoder, softwareEncoding, type VideoEncoding } from "@playhead/hls";
import type { FastifyBaseLogger } from "fastify";
import type { HardwareChoice } from "../../config.js";
import { publish } from "../channels.js";
import { probeHardware } from "./hardware-probe.js";

/** What `auto` tries where, best first: dedicated chips before those that share the processor's memory. */
const candidates: Readonly<Partial<Record<NodeJS.Platform, readonly HardwareEncoder[]>>> = {
  linux: ["nvenc", "qsv", "vaapi", "amf"],
  win32: ["nvenc", "qsv", "amf"],
  darwin: ["videotoolbox"],
};

/** How long one that failed in mid-run is left alone: drivers recover, and a file that it can't encode is over by then. */
const PAUSE_MS = 10 * 60_000;

export interface HardwareOptions {
  readonly ffmpeg: string;
  readonly choice: HardwareChoice;
  readonly log: FastifyBaseLogger;
  readonly platform?: NodeJS.Platform;
  /** Monotonic ms. */
  readonly now?: () => number;
}

export interface HardwareStats {
  /** The one that passed its trial; null: none, or not known yet. */
  readonly encoder: HardwareEncoder | null;
  /** It failed in mid-run a short time ago, and software does its work. */
  readonly isPaused: boolean;
  readonly failures: number;
}

/** The hardware encoder of this machine, if it has one that works: which, and whether it is used now. */
export class Hardware {
  readonly #options: HardwareOptions;
  readonly #now: () => number;
  readonly #abort = new AbortController();
  #encoder: HardwareEncoder | null = null;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(options: HardwareOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Tries the candidates, all at once. Until it resolves, software encodes. Never rejects. */
  async probe(): Promise<void> {
    const { ffmpeg, choice, log, platform = process.platform } = this.#options;
    if (choice === "off") return;
    const tried = choice === "auto" ? (candidates[platform] ?? []) : [choice];
    const { signal } = this.#abort;
    const faults = await Promise.all(
      tried.map(async (each) => [each, await probeHardware(ffmpeg, each, signal)] as const),
    );
    if (signal.aborted) return;
    this.#encoder = faults.find(([, fault]) => fault === null)?.[0] ?? null;
    const results = Object.fromEntries(faults.map(([each, fault]) => [each, fault ?? "works"]));
    publish("playhead:hardware.probe", { ts: Date.now(), encoder: this.#encoder, results });
    if (this.#encoder !== null) log.info({ results }, `Video is encoded by hardware: ${this.#encoder}`);
    else if (choice === "auto") log.info({ results }, "No hardware encoder works here: video is encoded by software");
    else log.warn({ results }, `The hardware encoder ${choice} does not work: video is encoded by software`);
  }

  /** How the next run encodes. */
  get encoding(): VideoEncoding {
    if (this.#encoder === null) return softwareEncoding;
    return { encoder: this.#now() < this.#pausedUntil ? "software" : this.#encoder, inBand: true };
  }

  /**
   * Part of the address of what is made on this machine: segments of the hardware, and of the software that stands in
   * for it, must not come under the init segment of what software made alone. Undefined without hardware.
   */
  get mark(): string | undefined {
    return this.#encoder === null ? undefined : `${this.#encoder}${HARDWARE_FORMAT}`;
  }

  /** It failed in mid-run. */
  failed(): void {
    this.#failures++;
    this.#pausedUntil = this.#now() + PAUSE_MS;
  }

  stop(): void {
    this.#abort.abort();
  }

  stats(): HardwareStats {
    return {
      encoder: this.#encoder,
      isPaused: this.#encoder !== null && this.#now() < this.#pausedUntil,
      failures: this.#failures,
    };
  }
}
