/** ffmpeg's codec name → what people call it. */
const names: Readonly<Record<string, string>> = {
  h264: "H.264",
  hevc: "HEVC",
  vp8: "VP8",
  vp9: "VP9",
  av1: "AV1",
  mpeg4: "MPEG-4 Part 2",
  mpeg2video: "MPEG-2",
  mpeg1video: "MPEG-1",
  vc1: "VC-1",
  theora: "Theora",
  prores: "ProRes",
  mjpeg: "Motion JPEG",
  aac: "AAC",
  mp3: "MP3",
  mp2: "MP2",
  ac3: "Dolby Digital (AC-3)",
  eac3: "Dolby Digital Plus (E-AC-3)",
  truehd: "Dolby TrueHD",
  dts: "DTS",
  opus: "Opus",
  vorbis: "Vorbis",
  flac: "FLAC",
  alac: "ALAC",
};

/** Name of a codec for a sentence: `HEVC`, `E-AC-3`; the codec's own in capitals where it has no better one. */
export const codecName = (codec: string): string =>
  names[codec] ?? (codec.startsWith("pcm_") ? "uncompressed PCM" : codec.toUpperCase().replaceAll("_", " "));
