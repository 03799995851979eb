/** A stretch of text in one style; line breaks are `\n`. */
export interface StyledRun {
  readonly text: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  /** One of WebVTT's colour classes; undefined for white. */
  readonly color?: ColorClass | undefined;
}

/** The text colours that WebVTT has names for (§5.1 "default text colors"), with their values. White is what text is anyway. */
const colors = {
  lime: [0, 255, 0],
  cyan: [0, 255, 255],
  red: [255, 0, 0],
  yellow: [255, 255, 0],
  magenta: [255, 0, 255],
  blue: [0, 0, 255],
} as const;
export type ColorClass = keyof typeof colors;

/** Farther than this from grey, on a scale of 255, a colour is meant as one. */
const COLORFUL = 64;

/** The class next to a colour; undefined for white, grey and black, which must all be legible: white. */
export function colorClass(red: number, green: number, blue: number): ColorClass | undefined {
  const top = Math.max(red, green, blue);
  if (top - Math.min(red, green, blue) < COLORFUL) return undefined;
  // By hue, not by distance: a dark red is nearer to nothing than to red.
  const distance = ([r, g, b]: readonly [number, number, number]) =>
    Math.abs(r - (red * 255) / top) + Math.abs(g - (green * 255) / top) + Math.abs(b - (blue * 255) / top);
  let best: ColorClass | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of ["lime", "cyan", "red", "yellow", "magenta", "blue"] as const) {
    const off = distance(colors[name]);
    if (off < least) [best, least] = [name, off];
  }
  return best;
}

/** Text as WebVTT cue text: what would be markup is escaped (WebVTT §3.2). */
export const escapeCueText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Runs as WebVTT cue text. Empty when nothing is to be read. */
export function cueText(runs: readonly StyledRun[]): string {
  // An empty line would end the cue.
  let trimmed = tidy(runs);
  if (trimmed.every(({ text }) => text.trim() === "")) trimmed = [];
  return trimmed.map(markup).join("");
}

function markup({ text, bold, italic, underline, color }: StyledRun): string {
  const tags = [
    ...(color === undefined ? [] : [`c.${color}`]),
    ...(bold ? ["b"] : []),
    ...(italic ? ["i"] : []),
    ...(underline ? ["u"] : []),
  ];
  // Around white space alone a style shows nothing.
  if (text.trim() === "") return escapeCueText(text);
  const open = tags.map((tag) => `<${tag}>`).join("");
  const close = tags.toReversed().map((tag) => `</${tag.replace(/\..*/, "")}>`);
  return open + escapeCueText(text) + close.join("");
}

/** Merges neighbours of one style, and takes empty lines out: one line break at most, none at either end. */
function tidy(runs: readonly StyledRun[]): StyledRun[] {
  const out: StyledRun[] = [];
  let atLineStart = true;
  for (const run of runs) {
    let text = "";
    for (const char of run.text) {
      if (char === "\n") {
        if (!atLineStart) text += char;
        atLineStart = true;
      } else {
        // White space at the start of a line would let an empty line pass for one with text.
        if (atLineStart && (char === " " || char === "\t")) continue;
        text += char;
        atLineStart = false;
      }
    }
    if (text === "") continue;
    const last = out.at(-1);
    if (last !== undefined && sameStyle(last, run)) out[out.length - 1] = { ...last, text: last.text + text };
    else out.push({ ...run, text });
  }
  const last = out.at(-1);
  if (last !== undefined) {
    const text = last.text.trimEnd();
    if (text === "") out.pop();
    else out[out.length - 1] = { ...last, text };
  }
  return out;
}

const sameStyle = (a: StyledRun, b: StyledRun): boolean =>
  a.bold === b.bold && a.italic === b.italic && a.underline === b.underline && a.color === b.color;
