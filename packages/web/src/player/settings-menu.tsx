import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../design/icon.js";
import { speeds } from "./keyboard.js";
import "./settings-menu.css";
import type { Choice, Tracks } from "./tracks.js";

export interface SettingsMenuProps {
  readonly video: HTMLVideoElement;
  readonly tracks: Tracks;
  readonly onLevel: (index: number) => void;
  readonly onAudio: (index: number) => void;
  /** −1 among the choices is "Off". */
  readonly subtitles: { readonly choices: readonly Choice[]; readonly chosen: number };
  readonly onSubtitle: (index: number) => void;
}

/** Speed, quality, audio and subtitles: each only where there is something to choose. */
export function SettingsMenu({ video, tracks, subtitles, onLevel, onAudio, onSubtitle }: SettingsMenuProps) {
  const open = useSignal(false);
  const rate = useSignal(video.playbackRate);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    video.addEventListener("ratechange", () => (rate.value = video.playbackRate), { signal });
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) open.value = false;
    };
    addEventListener("pointerdown", outside, { signal, capture: true });
    return () => stop.abort();
  }, [video, open, rate]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!open.value) return;
    // The player's own keys rest while the menu is open: arrows move through it.
    event.stopPropagation();
    if (event.key !== "Escape") return;
    open.value = false;
    button.current?.focus();
  };

  const quality: readonly Choice[] = [{ index: -1, label: tracks.automatic }, ...tracks.levels];
  return (
    <div class="player-menu-box" ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={button}
        class="player-button"
        aria-label="Settings"
        title="Speed, quality, languages"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <Icon name="settings" size={22} />
        {rate.value !== 1 && <span class="player-rate mono">{rate.value}×</span>}
      </button>
      {open.value && (
        <div class="player-menu" role="dialog" aria-label="Settings">
          <Choices
            legend="Speed"
            row
            choices={speeds.map((speed) => ({ index: speed, label: `${speed}×` }))}
            chosen={rate.value}
            onChoose={(speed) => {
              video.playbackRate = speed;
            }}
          />
          {tracks.levels.length > 1 && (
            <Choices legend="Quality" choices={quality} chosen={tracks.level} onChoose={onLevel} />
          )}
          {tracks.audio.length > 1 && (
            <Choices legend="Audio" choices={tracks.audio} chosen={tracks.audioTrack} onChoose={onAudio} />
          )}
          {subtitles.choices.length > 0 && (
            <Choices
              legend="Subtitles"
              choices={[{ index: -1, label: "Off" }, ...subtitles.choices]}
              chosen={subtitles.chosen}
              onChoose={onSubtitle}
            />
          )}
        </div>
      )}
    </div>
  );
}

interface ChoicesProps {
  readonly legend: string;
  readonly choices: readonly Choice[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
  readonly row?: boolean;
}

function Choices({ legend, choices, chosen, onChoose, row = false }: ChoicesProps) {
  return (
    <fieldset class="player-choices" data-row={row}>
      <legend class="label">{legend}</legend>
      <div>
        {choices.map(({ index, label }) => (
          <label key={index}>
            <input type="radio" name={legend} checked={index === chosen} onChange={() => onChoose(index)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
