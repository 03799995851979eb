/** What a key asks of the player. */
export type Command =
  | { readonly do: "toggle-play" | "toggle-mute" | "toggle-fullscreen" | "toggle-captions" | "leave" }
  | { readonly do: "skip"; readonly seconds: number }
  | { readonly do: "volume"; readonly by: number }
  | { readonly do: "seek-share"; readonly share: number }
  | { readonly do: "speed"; readonly step: 1 | -1 };

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The keys that viewers know from elsewhere. Combinations with a modifier belong to the browser. */
export function commandFor(press: KeyPress): Command | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (/^[0-9]$/.test(key)) return { do: "seek-share", share: Number(key) / 10 };
  switch (key) {
    case " ":
    case "k":
      return { do: "toggle-play" };
    case "j":
      return { do: "skip", seconds: -10 };
    case "l":
      return { do: "skip", seconds: 10 };
    case "ArrowLeft":
      return { do: "skip", seconds: -5 };
    case "ArrowRight":
      return { do: "skip", seconds: 5 };
    case "ArrowUp":
      return { do: "volume", by: 0.05 };
    case "ArrowDown":
      return { do: "volume", by: -0.05 };
    case "f":
      return { do: "toggle-fullscreen" };
    case "m":
      return { do: "toggle-mute" };
    case "c":
      return { do: "toggle-captions" };
    case "<":
      return { do: "speed", step: -1 };
    case ">":
      return { do: "speed", step: 1 };
    case "Escape":
      return { do: "leave" };
    default:
      return undefined;
  }
}

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The next speed of the list in that direction; at its end, the same. */
export function nextSpeed(rate: number, step: 1 | -1): number {
  const row = step > 0 ? speeds : speeds.toReversed();
  return row.find((speed) => (speed - rate) * step > 0.001) ?? rate;
}
