/** What a key asks of the player. */
export type Command =
  | { readonly do: "toggle-play" | "toggle-mute" | "toggle-fullscreen" | "toggle-captions" | "leave" | "show-keys" }
  | { readonly do: "next-episode" | "previous-episode" | "skip-part" }
  | { readonly do: "skip"; readonly seconds: number }
  | { readonly do: "step"; readonly frames: 1 | -1 }
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

/** One line of the keyboard map. */
export interface KeyLine {
  /** As they are printed on keys. */
  readonly keys: readonly string[];
  readonly about: string;
}

interface Binding extends KeyLine {
  /** By `KeyboardEvent.key`, letters in lower case. */
  readonly commands: Readonly<Record<string, Command>>;
}

const digits = Object.fromEntries(
  Array.from({ length: 10 }, (_, n) => [String(n), { do: "seek-share", share: n / 10 } as const]),
);

/** The keys that viewers know from elsewhere. The map that `?` shows is made from this list. */
const bindings: readonly Binding[] = [
  { keys: ["Space", "K"], about: "Play or pause", commands: { " ": { do: "toggle-play" }, k: { do: "toggle-play" } } },
  {
    keys: ["J", "L"],
    about: "Back or ahead 10 seconds",
    commands: { j: { do: "skip", seconds: -10 }, l: { do: "skip", seconds: 10 } },
  },
  {
    keys: ["←", "→"],
    about: "Back or ahead 5 seconds",
    commands: { ArrowLeft: { do: "skip", seconds: -5 }, ArrowRight: { do: "skip", seconds: 5 } },
  },
  { keys: ["0", "…", "9"], about: "Go to 0 % … 90 % of the film", commands: digits },
  {
    keys: [",", "."],
    about: "One picture back or ahead, while paused",
    commands: { ",": { do: "step", frames: -1 }, ".": { do: "step", frames: 1 } },
  },
  {
    keys: ["<", ">"],
    about: "Slower or faster",
    commands: { "<": { do: "speed", step: -1 }, ">": { do: "speed", step: 1 } },
  },
  { keys: ["S"], about: "Skip the intro, recap or credits", commands: { s: { do: "skip-part" } } },
  {
    keys: ["P", "N"],
    about: "Previous or next episode",
    commands: { p: { do: "previous-episode" }, n: { do: "next-episode" } },
  },
  {
    keys: ["↑", "↓"],
    about: "Louder or quieter",
    commands: { ArrowUp: { do: "volume", by: 0.05 }, ArrowDown: { do: "volume", by: -0.05 } },
  },
  { keys: ["M"], about: "Sound on or off", commands: { m: { do: "toggle-mute" } } },
  { keys: ["C"], about: "Subtitles on or off", commands: { c: { do: "toggle-captions" } } },
  { keys: ["F"], about: "Full screen", commands: { f: { do: "toggle-fullscreen" } } },
  { keys: ["Esc"], about: "Leave the player", commands: { Escape: { do: "leave" } } },
  { keys: ["?"], about: "Show these keys", commands: { "?": { do: "show-keys" } } },
];

export const keyLines: readonly KeyLine[] = bindings;

const commands: ReadonlyMap<string, Command> = new Map(bindings.flatMap((each) => Object.entries(each.commands)));

/** Combinations with a modifier belong to the browser. Shift is none: `N` and `Shift+N` are the same. */
export function commandFor(press: KeyPress): Command | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  return commands.get(press.key.length === 1 ? press.key.toLowerCase() : press.key);
}

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The next speed of the list in that direction; at its end, the same. */
export function nextSpeed(rate: number, step: 1 | -1): number {
  const row = step > 0 ? speeds : speeds.toReversed();
  return row.find((speed) => (speed - rate) * step > 0.001) ?? rate;
}
