import { type ReadonlySignal, signal } from "@preact/signals";
import type Hls from "hls.js";

export interface Choice {
  readonly index: number;
  readonly label: string;
}

/** What can be chosen while hls.js plays, and what is chosen: −1 is automatic quality, or no subtitles. */
export interface Tracks {
  readonly levels: readonly Choice[];
  readonly level: number;
  /** The rendition that is shown now, whoever chose it. */
  readonly shown: number;
  readonly audio: readonly Choice[];
  readonly audioTrack: number;
  readonly subtitles: readonly Choice[];
  readonly subtitleTrack: number;
}

export const noTracks: Tracks = {
  levels: [],
  level: -1,
  shown: -1,
  audio: [],
  audioTrack: -1,
  subtitles: [],
  subtitleTrack: -1,
};

const changes = [
  "hlsManifestParsed",
  "hlsLevelsUpdated",
  "hlsLevelSwitched",
  "hlsAudioTracksUpdated",
  "hlsAudioTrackSwitched",
  "hlsSubtitleTracksUpdated",
  "hlsSubtitleTrackSwitch",
] as const;

/** hls.js' own event names are an enum, which a type-only import does not bring. */
interface Emitter {
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/** Follows one hls.js instance. Returns the signal and its stop function. */
export function watchTracks(hls: Hls): { tracks: ReadonlySignal<Tracks>; stop: () => void } {
  const tracks = signal(read(hls));
  const look = () => {
    tracks.value = read(hls);
  };
  const emitter: Emitter = hls;
  for (const name of changes) emitter.on(name, look);
  return {
    tracks,
    stop: () => {
      for (const name of changes) emitter.off(name, look);
    },
  };
}

function read(hls: Hls): Tracks {
  return {
    levels: hls.levels.map((level, index) => ({ index, label: levelName(level) })).toReversed(),
    level: hls.autoLevelEnabled ? -1 : hls.currentLevel,
    shown: hls.currentLevel,
    audio: hls.audioTracks.map((track, index) => ({ index, label: trackName(track.name, track.lang, index) })),
    audioTrack: hls.audioTrack,
    subtitles: hls.subtitleTracks.map((track, index) => ({ index, label: trackName(track.name, track.lang, index) })),
    subtitleTrack: hls.subtitleTrack,
  };
}

function levelName({ height, bitrate }: { readonly height: number; readonly bitrate: number }): string {
  const rate = bitrate >= 1e6 ? `${(bitrate / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bitrate / 1e3)} kbit/s`;
  return height > 0 ? `${height}p, ${rate}` : rate;
}

/** The track's own name, and its language where the name does not say it. */
export function trackName(name: string | undefined, language: string | undefined, index: number): string {
  const spoken = language ? languageName(language) : undefined;
  if (!name) return spoken ?? `Track ${index + 1}`;
  return spoken && !name.toLowerCase().includes(spoken.toLowerCase()) ? `${spoken}, ${name}` : name;
}

/** `deu` → `German`; what nobody knows is shown as it is, and "undetermined" not at all. */
export function languageName(code: string): string | undefined {
  if (code === "und" || code === "") return undefined;
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
