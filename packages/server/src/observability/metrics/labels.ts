/**
 * Values that labels may take: each is a series that Prometheus keeps for ever, and codecs and containers come from files. What
 * is not in these lists is `other`.
 */
const codecs = new Set(
  (
    "h264 hevc av1 vp9 vp8 mpeg4 mpeg2video mpeg1video vc1 wmv3 wmv2 msmpeg4v3 msmpeg4v2 h263 theora prores dnxhd mjpeg " +
    "rv40 rv30 flv1 vvc aac mp3 mp2 ac3 eac3 dts truehd flac opus vorbis alac wmav2 wmapro cook amr_nb pcm"
  ).split(" "),
);
const containers = new Set("mp4 mov matroska webm avi mpegts mpeg asf flv rm ogg mxf wtv nut".split(" "));

/** ffmpeg's name; all kinds of PCM are one. */
export function codecLabel(codec: string): string {
  const family = codec.startsWith("pcm_") ? "pcm" : codec;
  return codecs.has(family) ? family : "other";
}

export const containerLabel = (container: string): string => (containers.has(container) ? container : "other");

/** Buckets for what takes from a moment to half a minute, s. */
export const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];
export const s = (ms: number): number => ms / 1000;
