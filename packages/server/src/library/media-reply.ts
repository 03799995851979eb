import { type AudioStream, displaySize, type MediaInfo, type SubtitleStream, type VideoStream } from "@playhead/hls";
import type { LibraryItem, MediaReply, MediaTrack } from "@playhead/protocol";
import type { MediaItem } from "./media-item.js";

/** An item as the library page needs it. */
export function libraryItem(item: MediaItem, positionMs: number | undefined): LibraryItem {
  const [video] = item.info?.video ?? [];
  return {
    id: item.id,
    title: item.title,
    path: item.path,
    durationMs: item.info === null ? null : Math.round(item.info.durationMs),
    status: item.status,
    ...(item.error !== null && { error: item.error }),
    ...(item.series !== null && { series: item.series }),
    ...(item.season !== null && { season: item.season }),
    ...(item.episode !== null && { episode: item.episode }),
    ...(item.year !== null && { year: item.year }),
    ...(video && displaySize(video)),
    ...(item.hasPoster && { posterUrl: `/api/v1/media/${item.id}/poster?v=${item.fileId}` }),
    ...(positionMs !== undefined && { positionMs }),
    addedAt: item.addedAt,
  };
}

/** An item with what its page and the playback request need: tracks, chapters, codec strings. */
export function mediaReply(item: MediaItem, positionMs: number): MediaReply {
  const { info } = item;
  const tracks = info === null ? [] : [...info.video, ...info.audio];
  return {
    ...libraryItem(item, undefined),
    ...(info && { container: info.container }),
    sizeBytes: item.sizeBytes,
    codecs: [...new Set(tracks.flatMap((track) => track.codecString ?? []))],
    tracks:
      info === null
        ? []
        : [...info.video.map(videoTrack), ...info.audio.map(audioTrack), ...info.subtitles.map(subtitleTrack)],
    chapters: (info?.chapters ?? []).map(({ title, startMs, endMs }) => ({
      title,
      startMs: fromStart(startMs, info),
      endMs: fromStart(endMs, info),
    })),
    positionMs,
  };
}

/** A chapter's time in the file as a place on the player's time line, which begins at 0. */
const fromStart = (ms: number, info: MediaInfo | null) => Math.max(0, Math.round(ms - (info?.startTimeMs ?? 0)));

function trackFacts(stream: VideoStream | AudioStream | SubtitleStream) {
  return {
    index: stream.index,
    codec: stream.codec,
    ...(stream.codecString !== null && { codecString: stream.codecString }),
    ...(stream.language !== null && { language: stream.language }),
    ...(stream.title !== null && { title: stream.title }),
    default: stream.isDefault,
    ...(stream.bitrateBps !== null && { bitrateBps: Math.round(stream.bitrateBps) }),
  };
}

function videoTrack(stream: VideoStream): MediaTrack {
  const { width, height, frameRate } = stream;
  return {
    kind: "video",
    ...trackFacts(stream),
    width,
    height,
    ...(frameRate && { fps: Math.round((frameRate.num / frameRate.den) * 1000) / 1000 }),
  };
}

const audioTrack = (stream: AudioStream): MediaTrack => ({
  kind: "audio",
  ...trackFacts(stream),
  channels: stream.channels,
  sampleRate: stream.sampleRate,
});

const subtitleTrack = (stream: SubtitleStream): MediaTrack => ({ kind: "subtitle", ...trackFacts(stream) });
