import type { AudioCopy, MediaInfo, VideoCopy } from "@playhead/hls";
import { AppError } from "../../errors.js";
import { ByteLru } from "../cache/byte-lru.js";
import { type AudioCopyTrack, openAudioCopy } from "./audio-copy.js";
import { OpenInputs } from "./open-inputs.js";
import { audioTrackOf, videoTrackOf } from "./source-track.js";
import { openVideoCopy, type VideoCopyTrack } from "./video-copy.js";

/** The file whose packets are copied. */
export interface CopySource {
  /** Names the file's bytes. */
  readonly fileId: string;
  readonly absolutePath: string;
  readonly info: MediaInfo;
}

export type CopyRendition = VideoCopy | AudioCopy;

/** Repackages a file's own packets into fMP4, in process: any segment, in any order, no byte of it on the disk. */
export interface Packager {
  /** @throws {AppError} media_unreadable */
  init(source: CopySource, rendition: CopyRendition): Promise<Uint8Array>;
  /** @throws {AppError} media_unreadable */
  segment(source: CopySource, rendition: CopyRendition, index: number): Promise<Uint8Array>;
  /** What is made already, if it is still in memory. */
  kept(source: CopySource, rendition: CopyRendition, part: "init" | number): Uint8Array | undefined;
  stop(): void;
}

export interface PackagerOptions {
  /**
   * Bytes of made segments to keep in memory: what players at one place share. A segment that went is made anew in some
   * 20 ms, and a larger share of the memory pays for itself nowhere.
   */
  readonly memoryBytes?: number;
}

export function createPackager(options: PackagerOptions = {}): Packager {
  const inputs = new OpenInputs();
  const made = new ByteLru(options.memoryBytes ?? 16 * 1024 * 1024);
  const inFlight = new Map<string, Promise<Uint8Array>>();
  /** What a rendition's segments have in common, learnt once for each opened file. */
  const tracks = new WeakMap<object, Map<string, Promise<VideoCopyTrack | AudioCopyTrack>>>();

  function read(
    source: CopySource,
    rendition: CopyRendition,
    take: (track: VideoCopyTrack | AudioCopyTrack) => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    return inputs.use(source.fileId, source.absolutePath, async (input) => {
      let known = tracks.get(input);
      if (known === undefined) tracks.set(input, (known = new Map()));
      const key = `${rendition.id}@${rendition.plan.version}`;
      let track = known.get(key);
      if (track === undefined) {
        track =
          rendition.kind === "video"
            ? videoTrackOf(input, source.info, rendition).then((found) => openVideoCopy(found, source.info, rendition))
            : audioTrackOf(input, source.info, rendition).then((found) => openAudioCopy(found, source.info, rendition));
        known.set(key, track);
      }
      return take(await track);
    });
  }

  /** One making for all who ask while it runs. */
  function shared(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const kept = made.get(key);
    if (kept !== undefined) return Promise.resolve(kept);
    const running = inFlight.get(key);
    if (running !== undefined) return running;
    const making = make().then(
      (bytes) => {
        made.set(key, bytes);
        return bytes;
      },
      (cause: unknown) => {
        throw new AppError("media_unreadable", { cause });
      },
    );
    inFlight.set(key, making);
    void making.catch(() => {}).finally(() => inFlight.delete(key));
    return making;
  }

  const address = (source: CopySource, rendition: CopyRendition, part: string) =>
    `${source.fileId}/${rendition.id}/${rendition.plan.version}/${part}`;

  return {
    init: (source, rendition) =>
      shared(address(source, rendition, "init"), () => read(source, rendition, async (track) => track.init)),
    segment: (source, rendition, index) =>
      shared(address(source, rendition, String(index)), () => read(source, rendition, (track) => track.segment(index))),
    kept: (source, rendition, part) => made.get(address(source, rendition, String(part))),
    stop() {
      inputs.close();
      made.clear();
    },
  };
}
