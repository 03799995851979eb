import { type ReadonlySignal, signal } from "@preact/signals";
import type Hls from "hls.js";
import { renditionIn } from "./ladder/rungs.js";

export interface Choice {
  readonly index: number;
  readonly label: string;
  /** Of sound; absent where the film does not tell. */
  readonly language?: string;
}

/** What can be chosen while hls.js plays, and what is chosen: −1 is automatic quality. Subtitles are the page's own. */
export interface Tracks {
  readonly levels: readonly Choice[];
  readonly level: number;
  /** The one of them that is shown now, whoever chose it. */
  readonly shown: number;
  /** What automatic quality is called. */
  readonly automatic: string;
  /** The rendition that is shown now; undefined before the first picture. */
  readonly rendition: string | undefined;
  readonly audio: readonly Choice[];
  readonly audioTrack: number;
}

export const noTracks: Tracks = {
  levels: [],
  level: -1,
  shown: -1,
  automatic: "Automatic",
  rendition: undefined,
  audio: [],
  audioTrack: -1,
};

const changes = [
  "hlsManifestParsed",
  "hlsLevelsUpdated",
  "hlsLevelSwitched",
  "hlsAudioTracksUpdated",
  "hlsAudioTrackSwitched",
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
    ...noTracks,
    rendition: renditionIn(hls.levels[hls.currentLevel]?.uri),
    audio: hls.audioTracks.map((track, index) => ({
      index,
      label: trackName(track.name, track.lang, index),
      ...(track.lang ? { language: track.lang } : {}),
    })),
    audioTrack: hls.audioTrack,
  };
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
