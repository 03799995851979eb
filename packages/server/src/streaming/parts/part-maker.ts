import type { Rendition, SubtitleRendition } from "@playhead/hls";
import { AppError } from "../../errors.js";
import type { Encoder } from "../encoder/encoder.js";
import type { Viewer } from "../encoder/look-ahead.js";
import type { Made, Part } from "../encoder/transcoded-rendition.js";
import type { Packager } from "../packager/packager.js";
import { segmentAt } from "../segment-at.js";
import type { HlsSession } from "../sessions/hls-session.js";
import type { Subtitles } from "../subtitles/subtitles.js";

export interface PartSources {
  readonly packager: Packager;
  readonly encoder: Encoder;
  readonly subtitles: Subtitles;
}

/** Where the parts of a session's renditions come from: the packager, the encoder, the subtitle pass. */
export interface PartMaker {
  /** @throws {AppError} media_not_ready, media_unreadable, transcode_failed, ffmpeg_missing, busy */
  make(session: HlsSession, rendition: Rendition | SubtitleRendition, part: Part, signal: AbortSignal): Promise<Made>;
  /** A part that is made already; starts nothing. */
  kept(session: HlsSession, rendition: Rendition | SubtitleRendition, part: Part): Promise<Uint8Array | undefined>;
}

export function createPartMaker({ packager, encoder, subtitles }: PartSources): PartMaker {
  return {
    async make(session, rendition, part, signal) {
      const source = sourceOf(session);
      if (rendition.kind === "subtitle") {
        const startedAt = performance.now();
        const index = part === "init" ? 0 : part;
        const text = await subtitles.segment({ ...session.item, info: source.info }, rendition, index, signal);
        return { bytes: new TextEncoder().encode(text), waitMs: performance.now() - startedAt, cached: null };
      }
      if (rendition.mode === "copy") {
        const cached = packager.kept(source, rendition, part) !== undefined;
        const copy = part === "init" ? packager.init(source, rendition) : packager.segment(source, rendition, part);
        return { bytes: await copy, waitMs: 0, cached };
      }
      const viewer: Viewer = {
        id: session.id,
        get priority() {
          return session.isWarmUp ? "prewarm" : "playing";
        },
      };
      if (part !== "init") return encoder.segment(source, rendition, part, viewer, signal);
      return encoder.init(source, rendition, segmentAt(rendition.plan, session.positionMs / 1000), viewer, signal);
    },

    async kept(session, rendition, part) {
      if (rendition.kind === "subtitle") return undefined;
      const source = sourceOf(session);
      return rendition.mode === "copy" ? packager.kept(source, rendition, part) : encoder.kept(source, rendition, part);
    },
  };
}

/** The file whose streams are delivered. @throws {AppError} media_not_ready */
export function sourceOf({ item }: Pick<HlsSession, "item">) {
  const { id: mediaId, fileId, absolutePath, info } = item;
  if (info === null) throw new AppError("media_not_ready");
  return { mediaId, fileId, absolutePath, info };
}
