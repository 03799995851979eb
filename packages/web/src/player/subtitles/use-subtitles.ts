import type { MediaReply, MediaTrack } from "@playhead/protocol";
import { type ReadonlySignal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { Choice } from "../tracks.js";
import { chooseSubtitles, firstSubtitles, textTracks } from "./choose-subtitles.js";
import { createSubtitleTrack } from "./subtitle-track.js";
import { rememberedWish, rememberWish } from "./subtitle-wish.js";

export interface Subtitles {
  readonly cues: ReadonlySignal<readonly VTTCue[]>;
  /** By the index of the film's track. */
  readonly choices: readonly Choice[];
  /** −1: none. */
  readonly chosen: number;
  /** The viewer's own choice, which is remembered. @param index −1 for none. */
  readonly choose: (index: number) => void;
  /** On and off, as the key for it does. */
  readonly toggle: () => void;
}

export interface SubtitlesOptions {
  readonly media: MediaReply;
  readonly video: HTMLVideoElement;
  /** Nothing is loaded before the film begins. */
  readonly isBegun: ReadonlySignal<boolean>;
  /** Of what is heard. */
  readonly audioLanguage: ReadonlySignal<string | undefined>;
  /** Subtitle pictures are the server's to draw; undefined: none. */
  readonly burn: (index: number | undefined) => void;
}

/** The text of a film: what is shown by itself, and what the viewer chooses. */
export function useSubtitles({ media, video, isBegun, audioLanguage, burn }: SubtitlesOptions): Subtitles {
  const track = useMemo(() => createSubtitleTrack(video), [video]);
  const own = useSignal<{ readonly track: MediaTrack | undefined } | undefined>(undefined);
  const shown = useSignal<MediaTrack | undefined>(undefined);
  const texts = textTracks(media.tracks);
  const drawn = media.tracks.filter(({ kind, url }) => kind === "subtitle" && url === undefined);
  const burnt = useSignal(-1);

  useEffect(() => () => track.stop(), [track]);

  useSignalEffect(() => {
    if (!isBegun.value) return;
    const circumstances = {
      wish: rememberedWish(),
      audioLanguage: audioLanguage.value,
      languages: navigator.languages,
    };
    const wanted = own.value ? own.value.track : chooseSubtitles(media.tracks, circumstances);
    if (wanted === shown.peek()) return;
    shown.value = wanted;
    track.show(wanted?.url);
  });

  const choose = (wanted: MediaTrack | undefined) => {
    rememberWish(wanted);
    own.value = { track: wanted };
  };

  return {
    cues: track.cues,
    choices: [
      ...texts.map(({ index, name }, i) => ({ index, label: name ?? `Subtitles ${i + 1}` })),
      ...drawn.map(({ index, name }, i) => ({
        index,
        label: `${name ?? `Subtitles ${texts.length + i + 1}`} (drawn into the picture)`,
      })),
    ],
    chosen: burnt.value >= 0 ? burnt.value : (shown.value?.index ?? -1),
    choose(index) {
      const isDrawn = drawn.some((each) => each.index === index);
      draw(isDrawn ? index : -1);
      if (isDrawn) own.value = { track: undefined };
      else choose(texts.find((each) => each.index === index));
    },
    toggle() {
      if (burnt.peek() >= 0) return draw(-1);
      const isOn = shown.peek() !== undefined && !shown.peek()?.forced;
      const last = rememberedLast(texts);
      choose(isOn ? undefined : (last ?? firstSubtitles(media.tracks, navigator.languages)));
    },
  };

  /** @param index −1 for none. */
  function draw(index: number): void {
    if (burnt.peek() === index) return;
    burnt.value = index;
    burn(index < 0 ? undefined : index);
  }

  function rememberedLast(tracks: readonly MediaTrack[]): MediaTrack | undefined {
    const wish = rememberedWish();
    if (wish?.kind !== "language") return undefined;
    return chooseSubtitles(tracks, { wish, audioLanguage: undefined, languages: [] });
  }
}
