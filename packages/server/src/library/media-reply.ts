import {
  type AudioStream,
  copyObstacle,
  displaySize,
  languageTag,
  type MediaInfo,
  type SubtitleStream,
  subtitleNames,
  subtitleRenditions,
  type VideoStream,
} from "@playhead/hls";
import type { LibraryItem, MediaChapter, MediaReply, MediaTrack } from "@playhead/protocol";
import type { ProgressRecord } from "@playhead/store";
import { chapterKinds, creditsStart } from "./chapter-kinds.js";
import type { MediaItem } from "./media-item.js";

/** An item as the library page needs it. */
export function libraryItem(item: MediaItem, point: ProgressRecord | undefined): LibraryItem {
  const [video] = item.info?.video ?? [];
  const creditsMs = item.info === null ? undefined : creditsStart(chaptersOf(item.info), item.info.durationMs);
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
    ...(point && { positionMs: point.positionMs, watchedAt: point.updatedAt }),
    ...(creditsMs !== undefined && { creditsMs }),
    addedAt: item.addedAt,
  };
}

/** An item with what its page and the playback request need: tracks, chapters, codec strings. */
export function mediaReply(item: MediaItem, point: ProgressRecord | undefined): MediaReply {
  const { info } = item;
  const tracks = info === null ? [] : [...info.video, ...info.audio];
  return {
    ...libraryItem(item, point),
    ...(info && { container: info.container }),
    sizeBytes: item.sizeBytes,
    codecs: [...new Set(tracks.flatMap((track) => track.codecString ?? []))],
    tracks:
      info === null
        ? []
        : [
            ...info.video.map((stream) => videoTrack(info, stream)),
            ...info.audio.map(audioTrack),
            ...subtitleTracks(item, info),
          ],
    chapters: info === null ? [] : [...chaptersOf(info)],
    positionMs: point?.positionMs ?? 0,
  };
}

/** Chapters with what their names tell, their times in the file as places on the player's time line, which begins at 0. */
function chaptersOf(info: MediaInfo): readonly MediaChapter[] {
  const onTimeline = (ms: number) => Math.max(0, Math.round(ms - info.startTimeMs));
  const chapters = info.chapters.map(({ title, startMs, endMs }) => ({
    title,
    startMs: onTimeline(startMs),
    endMs: onTimeline(endMs),
  }));
  const kinds = chapterKinds(chapters, info.durationMs);
  return chapters.map((chapter, i) => {
    const kind = kinds[i];
    return kind === undefined ? chapter : { ...chapter, kind };
  });
}

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

function videoTrack(info: MediaInfo, stream: VideoStream): MediaTrack {
  const { width, height, frameRate, hdr, codecString } = stream;
  const noCopy = codecString === null ? null : copyObstacle(info, stream, new Set([codecString]));
  return {
    kind: "video",
    ...trackFacts(stream),
    width,
    height,
    ...(hdr !== null && { hdr: true }),
    ...(noCopy !== null && { noCopy }),
    ...(frameRate && { fps: Math.round((frameRate.num / frameRate.den) * 1000) / 1000 }),
  };
}

const audioTrack = (stream: AudioStream): MediaTrack => ({
  kind: "audio",
  ...trackFacts(stream),
  channels: stream.channels,
  sampleRate: stream.sampleRate,
});

/** Those of the film, then the files beside it, which go on counting where its streams end. */
function subtitleTracks(item: MediaItem, info: MediaInfo): readonly MediaTrack[] {
  const text = subtitleRenditions(info, item.sideSubtitles);
  const urlOf = (id: string) => `/api/v1/media/${item.id}/subtitles/${id}.vtt`;
  const own = info.subtitles.map((stream): MediaTrack => {
    const rendition = text.find(({ source }) => source.type === "stream" && source.streamIndex === stream.index);
    return {
      kind: "subtitle",
      ...trackFacts(stream),
      name: rendition?.name ?? subtitleNames([stream])[0] ?? "Subtitles",
      forced: stream.forced,
      hearingImpaired: stream.hearingImpaired,
      ...(rendition && { id: rendition.id, url: urlOf(rendition.id) }),
    };
  });
  const streams = [...info.video, ...info.audio, ...info.subtitles];
  const firstFree = Math.max(-1, ...streams.map(({ index }) => index)) + 1;
  const files = item.sideSubtitles.map((file, i): MediaTrack => {
    const language = languageTag(file.language);
    return {
      kind: "subtitle",
      index: firstFree + i,
      id: file.id,
      codec: file.format === "vtt" ? "webvtt" : file.format === "ass" ? "ass" : "subrip",
      ...(language !== null && { language }),
      ...(file.title !== null && { title: file.title }),
      default: file.isDefault,
      name: text.find(({ id }) => id === file.id)?.name ?? "Subtitles",
      forced: file.forced,
      hearingImpaired: file.hearingImpaired,
      external: true,
      url: `${urlOf(file.id)}?v=${file.version}`,
    };
  });
  return [...own, ...files];
}
