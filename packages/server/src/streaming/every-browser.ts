import type { MediaInfo } from "@playhead/hls";

/**
 * What a browser that said nothing is taken to play: H.264 of 8 bits up to High, AAC, MP3, VP8, VP9 of 8 bits, Opus,
 * Vorbis, FLAC.
 */
const everywhere = /^(avc1\.(42|4d|58|64)|mp4a\.(40|6b|69)|mp3|vp8|vp09\.00|vp9|opus|vorbis|flac)/i;

/** The codec strings of an item that every current browser plays. */
export const everyBrowserPlays = (info: MediaInfo): string[] =>
  codecsOf(info).filter((codec) => everywhere.test(codec));

/** The codec strings of an item, as far as they are known. */
export const codecsOf = ({ video, audio }: MediaInfo): string[] =>
  [...video, ...audio].flatMap(({ codecString }) => codecString ?? []);
