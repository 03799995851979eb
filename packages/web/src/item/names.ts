import type { MediaTrack } from "@playhead/protocol";

const codecs: Readonly<Record<string, string>> = {
  h264: "H.264",
  hevc: "HEVC",
  av1: "AV1",
  vp9: "VP9",
  vp8: "VP8",
  mpeg4: "MPEG-4",
  mpeg2video: "MPEG-2",
  mpeg1video: "MPEG-1",
  vc1: "VC-1",
  wmv3: "WMV 9",
  theora: "Theora",
  prores: "ProRes",
  aac: "AAC",
  ac3: "Dolby Digital",
  eac3: "Dolby Digital Plus",
  truehd: "Dolby TrueHD",
  dts: "DTS",
  mp3: "MP3",
  mp2: "MP2",
  opus: "Opus",
  vorbis: "Vorbis",
  flac: "FLAC",
  alac: "ALAC",
  subrip: "SubRip",
  ass: "ASS",
  webvtt: "WebVTT",
  mov_text: "Timed text",
  hdmv_pgs_subtitle: "PGS, pictures",
  dvd_subtitle: "VobSub, pictures",
};

/** What people call a codec; ffmpeg's own name, in capitals, where nobody calls it anything. */
export function codecName(codec: string): string {
  return codecs[codec] ?? (codec.startsWith("pcm_") ? "PCM" : codec.toUpperCase());
}

const containers: Readonly<Record<string, string>> = {
  matroska: "Matroska",
  mp4: "MP4",
  mov: "QuickTime",
  webm: "WebM",
  avi: "AVI",
  mpegts: "MPEG-TS",
  flv: "FLV",
  asf: "Windows Media",
  ogg: "Ogg",
};

export function containerName(container: string): string {
  return containers[container] ?? container.toUpperCase();
}

/** `stereo`, `5.1`: layouts as they are sold. */
export function channelsName(channels: number): string {
  const names: Readonly<Record<number, string>> = { 1: "mono", 2: "stereo", 6: "5.1", 7: "6.1", 8: "7.1" };
  return names[channels] ?? `${channels} channels`;
}

/** Decimal, as disks are sold: `8.4 GB`, `34 MB`. */
export function sizeName(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function rateName(bps: number): string {
  return bps >= 1e6 ? `${(bps / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bps / 1e3)} kbit/s`;
}

/** One line for one track: what it is made of. */
export function trackFacts(track: MediaTrack): string {
  const facts = [
    track.width && track.height ? `${track.width} × ${track.height}` : undefined,
    track.fps ? `${Number(track.fps.toFixed(3))} fps` : undefined,
    track.channels ? channelsName(track.channels) : undefined,
    track.sampleRate ? `${track.sampleRate / 1000} kHz` : undefined,
    track.bitrateBps ? rateName(track.bitrateBps) : undefined,
  ];
  return facts.filter((fact) => fact !== undefined).join(", ");
}
