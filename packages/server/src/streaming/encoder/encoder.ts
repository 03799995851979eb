import path from "node:path";
import {
  type AudioTranscode,
  audioRunArgs,
  audioRunStart,
  type MediaInfo,
  type VideoTranscode,
  videoRunArgs,
} from "@playhead/hls";
import type { FastifyBaseLogger } from "fastify";
import type { SegmentStore } from "../cache/segment-store.js";
import { audioInit, audioOutput } from "./audio-output.js";
import { EncoderSlots } from "./encoder-slots.js";
import { type Made, TranscodedRendition, type Viewer } from "./transcoded-rendition.js";
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
  /** The viewer needs nothing more of this rendition, or of any. */
  release(viewerId: string, source?: TranscodeSource, rendition?: TranscodeRendition): void;
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
}

export interface EncoderOptions {
  readonly ffmpeg: string;
  readonly maxEncoders: number;
  readonly store: SegmentStore;
  readonly log: FastifyBaseLogger;
  /** Media that a run may be ahead of its viewers. */
  readonly lookAheadS?: number;
  readonly lookAheadBytes?: number;
  /** Longest wait for a free encoder. */
  readonly slotWaitMs?: number;
}

export function createEncoder(options: EncoderOptions): Encoder {
  const { ffmpeg, maxEncoders, store, log } = options;
  const videoSlots = new EncoderSlots(maxEncoders, options.slotWaitMs);
  // Sound costs a hundredth of the picture; its limit only stops a flood.
  const audioSlots = new EncoderSlots(4 * maxEncoders, options.slotWaitMs);
  const renditions = new Map<string, TranscodedRendition>();
  const running = new Set<Promise<void>>();

  const addressOf = (source: TranscodeSource, rendition: TranscodeRendition) => ({
    fileId: source.fileId,
    renditionId: rendition.id,
    planVersion: rendition.plan.version,
  });

  function open(source: TranscodeSource, rendition: TranscodeRendition): TranscodedRendition {
    const address = addressOf(source, rendition);
    const key = store.keyOf(address);
    const known = renditions.get(key);
    if (known !== undefined) return known;
    const input = source.absolutePath;
    const made: TranscodedRendition = new TranscodedRendition({
      rendition,
      store: store.parts(address),
      log,
      file: path.basename(input),
      init: rendition.kind === "audio" ? audioInit : undefined,
      runOptions: (startSegment) => ({
        ffmpeg,
        slots: rendition.kind === "video" ? videoSlots : audioSlots,
        lookAheadS: options.lookAheadS ?? 60,
        lookAheadBytes: options.lookAheadBytes ?? 48 * 1024 * 1024,
        about: { mediaId: source.mediaId, rendition: rendition.id, kind: rendition.kind },
        ...(rendition.kind === "video"
          ? {
              args: videoRunArgs({ input, rendition, info: source.info, startSegment }),
              output: videoOutput(rendition, startSegment),
            }
          : {
              args: audioRunArgs({ input, rendition, info: source.info, startSegment }),
              output: audioOutput(rendition, startSegment, audioRunStart(rendition, startSegment).discardFrames),
            }),
      }),
      onRun(ended) {
        running.add(ended);
        void ended.finally(() => running.delete(ended));
      },
      onIdle() {
        if (renditions.get(key) === made) renditions.delete(key);
      },
    });
    renditions.set(key, made);
    return made;
  }

  return {
    init: (source, rendition, near, viewer, signal) => open(source, rendition).init(near, viewer, signal),
    segment: (source, rendition, index, viewer, signal) => open(source, rendition).segment(index, viewer, signal),
    release(viewerId, source, rendition) {
      if (source === undefined || rendition === undefined) {
        for (const each of renditions.values()) each.release(viewerId);
      } else renditions.get(store.keyOf(addressOf(source, rendition)))?.release(viewerId);
    },
    async stop() {
      for (const rendition of renditions.values()) rendition.stop();
      renditions.clear();
      await Promise.all(running);
    },
    stats() {
      const runs = [...renditions.values()].flatMap((rendition) => [...rendition.runs]);
      return {
        runs: runs.length,
        pausedRuns: runs.filter((run) => run.isPaused).length,
        videoEncoders: videoSlots.inUse,
        waiting: videoSlots.waiting,
        pids: runs.flatMap((run) => run.pid ?? []),
      };
    },
  };
}
