import path from "node:path";
import {
  type AudioTranscode,
  audioRunArgs,
  audioRunStart,
  type MediaInfo,
  type PictureMeans,
  softwareEncoding,
  type VideoEncoding,
  type VideoTranscode,
  videoRunArgs,
} from "@playhead/hls";
import type { FastifyBaseLogger } from "fastify";
import type { HardwareChoice } from "../../config.js";
import type { SegmentStore } from "../cache/segment-store.js";
import { audioInit, audioOutput } from "./audio-output.js";
import { Hardware, type HardwareStats } from "./hardware.js";
import type { Viewer } from "./look-ahead.js";
import { probePictureMeans } from "./picture-means.js";
import type { Scheduler } from "./scheduler.js";
import { type Made, type Part, TranscodedRendition } from "./transcoded-rendition.js";
import { videoOutput } from "./video-output.js";

/** The file that is transcoded. */
export interface TranscodeSource {
  readonly mediaId: string;
  /** Names the file's bytes. */
  readonly fileId: string;
  readonly absolutePath: string;
  readonly info: MediaInfo;
}

export type TranscodeRendition = VideoTranscode | AudioTranscode;

/** Transcoded renditions, made by ffmpeg on request and kept in the store. Work is shared by all who need it. */
export interface Encoder {
  /** What the ffmpeg at hand can do; known a moment after `start`. */
  readonly means: PictureMeans;
  /** Asks ffmpeg what it can do, in the background. */
  start(): void;
  /** @throws {AppError} transcode_failed, ffmpeg_missing, busy */
  init(
    source: TranscodeSource,
    rendition: TranscodeRendition,
    near: number,
    viewer: Viewer,
    signal: AbortSignal,
  ): Promise<Made>;
  /** @throws {AppError} transcode_failed, ffmpeg_missing, busy */
  segment(
    source: TranscodeSource,
    rendition: TranscodeRendition,
    index: number,
    viewer: Viewer,
    signal: AbortSignal,
  ): Promise<Made>;
  /** What is made already. Starts no ffmpeg. */
  kept(source: TranscodeSource, rendition: TranscodeRendition, part: Part): Promise<Uint8Array | undefined>;
  /** The viewer needs nothing more of this rendition, or of any. */
  release(viewerId: string, source?: TranscodeSource, rendition?: TranscodeRendition): void;
  /** The viewer may have turned away from this rendition: nothing is made ahead for it until it asks again. */
  rest(viewerId: string, source: TranscodeSource, rendition: TranscodeRendition): void;
  /** A viewer's priority changed: its warm-up was adopted. */
  reconsider(): void;
  stop(): Promise<void>;
  stats(): EncoderStats;
}

export interface EncoderStats {
  readonly runs: number;
  readonly pausedRuns: number;
  readonly videoEncoders: number;
  /** Runs that wait for a video encoder. */
  readonly waiting: number;
  readonly pids: readonly number[];
  readonly hardware: HardwareStats;
}

export interface EncoderOptions {
  readonly ffmpeg: string;
  readonly hardware: HardwareChoice;
  readonly scheduler: Scheduler;
  readonly store: SegmentStore;
  readonly log: FastifyBaseLogger;
  /** Media that a run may be ahead of its viewers. */
  readonly lookAheadS?: number;
  readonly lookAheadBytes?: number;
  /** How long a run may stand still without a request of its viewers, ms. */
  readonly parkedMs?: number;
  /** How long ffmpeg may write nothing while somebody waits, ms. */
  readonly silentMs?: number;
}

/** What an ffmpeg without zimg makes of a film must not be taken for what one with it makes. */
const WITHOUT_ZSCALE = "table";
/** Hardware that hangs is given up sooner than software, which may only be slow, ms. */
const HARDWARE_SILENT_MS = 8_000;

interface Open {
  readonly fileId: string;
  readonly rendition: TranscodeRendition;
  readonly made: TranscodedRendition;
}

export function createEncoder(options: EncoderOptions): Encoder {
  const { ffmpeg, scheduler, store, log } = options;
  const renditions = new Map<string, Open>();
  const running = new Set<Promise<void>>();
  const hardware = new Hardware({ ffmpeg, choice: options.hardware, log });
  const probing = new AbortController();
  let means: PictureMeans = { zscale: true };
  let meansKnown: Promise<void> = Promise.resolve();
  const silentMs = options.silentMs ?? 30_000;

  const addressOf = (source: TranscodeSource, rendition: TranscodeRendition) => ({
    fileId: source.fileId,
    renditionId: rendition.id,
    planVersion: [
      rendition.plan.version,
      ...(means.zscale ? [] : [WITHOUT_ZSCALE]),
      ...(rendition.kind === "audio" || hardware.mark === undefined ? [] : [hardware.mark]),
    ].join("-"),
  });

  async function learnMeans(): Promise<void> {
    means = await probePictureMeans(ffmpeg, log, probing.signal);
  }

  function track(work: Promise<void>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  function open(source: TranscodeSource, rendition: TranscodeRendition): TranscodedRendition {
    const address = addressOf(source, rendition);
    const key = store.keyOf(address);
    const known = renditions.get(key);
    if (known !== undefined) return known.made;
    const input = source.absolutePath;
    // One that was opened before hardware was found stays software's: its segments have no parameter sets of their own.
    const mayUseHardware = hardware.mark !== undefined;
    const made: TranscodedRendition = new TranscodedRendition({
      rendition,
      store: store.parts(address),
      runways: scheduler.runways,
      log,
      file: path.basename(input),
      init: rendition.kind === "audio" ? audioInit : undefined,
      onHardwareFailed: () => hardware.failed(),
      runOptions: (startSegment) => ({
        ffmpeg,
        scheduler,
        slots: scheduler[rendition.kind],
        lookAheadS: options.lookAheadS ?? 60,
        lookAheadBytes: options.lookAheadBytes ?? 48 * 1024 * 1024,
        parkedMs: options.parkedMs ?? 60_000,
        ...(rendition.kind === "video"
          ? videoRun(source, rendition, startSegment, mayUseHardware ? hardware.encoding : softwareEncoding)
          : {
              about: { ...aboutOf(source, rendition), encoder: "aac", hardware: null },
              silentMs,
              args: audioRunArgs({ input, rendition, info: source.info, startSegment }),
              output: audioOutput(rendition, startSegment, audioRunStart(rendition, startSegment).discardFrames),
            }),
      }),
      onRun: track,
      onIdle() {
        if (renditions.get(key)?.made === made) renditions.delete(key);
      },
    });
    renditions.set(key, { fileId: source.fileId, rendition, made });
    return made;
  }

  /** Not by the address: that changed if hardware was found since it was opened. */
  function openedOf(source: TranscodeSource, rendition: TranscodeRendition): TranscodedRendition[] {
    return [...renditions.values()].flatMap(({ fileId, rendition: opened, made }) => {
      const isIt = fileId === source.fileId && opened.id === rendition.id;
      return isIt && opened.plan.version === rendition.plan.version ? [made] : [];
    });
  }

  function videoRun(source: TranscodeSource, rendition: VideoTranscode, startSegment: number, encoding: VideoEncoding) {
    const used = encoding.encoder === "software" ? null : encoding.encoder;
    const { absolutePath: input, info } = source;
    return {
      about: {
        ...aboutOf(source, rendition),
        encoder: used === null ? "libx264" : `h264_${used}`,
        hardware: used,
      },
      silentMs: used === null ? silentMs : Math.min(silentMs, HARDWARE_SILENT_MS),
      args: videoRunArgs({ input, rendition, info, startSegment, means, encoding }),
      output: videoOutput(rendition, startSegment),
    };
  }

  return {
    get means() {
      return means;
    },
    start() {
      // What is asked for meanwhile waits for the filters, which tell its pictures, but not for the hardware.
      meansKnown = learnMeans();
      track(meansKnown);
      track(hardware.probe());
    },
    async init(source, rendition, near, viewer, signal) {
      await meansKnown;
      return open(source, rendition).init(near, viewer, signal);
    },
    async segment(source, rendition, index, viewer, signal) {
      await meansKnown;
      return open(source, rendition).segment(index, viewer, signal);
    },
    async kept(source, rendition, part) {
      await meansKnown;
      const parts = store.parts(addressOf(source, rendition));
      return parts.peek(part) ?? (await parts.get(part)) ?? parts.peek(part);
    },
    release(viewerId, source, rendition) {
      if (source === undefined || rendition === undefined) {
        scheduler.runways.forget(viewerId);
        for (const { made } of renditions.values()) made.release(viewerId);
        return;
      }
      for (const made of openedOf(source, rendition)) made.release(viewerId);
    },
    rest(viewerId, source, rendition) {
      for (const made of openedOf(source, rendition)) made.rest(viewerId);
    },
    reconsider() {
      for (const { made } of renditions.values()) made.reconsider();
    },
    async stop() {
      probing.abort();
      hardware.stop();
      for (const { made } of renditions.values()) made.stop();
      renditions.clear();
      await Promise.all(running);
    },
    stats() {
      const runs = [...renditions.values()].flatMap(({ made }) => [...made.runs]);
      return {
        runs: runs.length,
        pausedRuns: runs.filter((run) => run.isPaused).length,
        videoEncoders: scheduler.video.inUse,
        waiting: scheduler.video.waiting,
        pids: runs.flatMap((run) => run.pid ?? []),
        hardware: hardware.stats(),
      };
    },
  };
}

/** What a run is about, for whoever listens. */
function aboutOf({ mediaId, info }: TranscodeSource, { id, kind, streamIndex }: TranscodeRendition) {
  const stream = [...info.video, ...info.audio].find(({ index }) => index === streamIndex);
  return { mediaId, rendition: id, kind, container: info.container, codec: stream?.codec ?? "unknown" };
}
