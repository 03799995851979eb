import type { Cue, CueReader } from "./cue.js";
import { decodeEntities } from "./entities.js";
import { LineSplitter } from "./lines.js";
import { type Alignment, alignmentOf, cueSettings, legacyAlignment } from "./place.js";
import { type ColorClass, colorClass, cueText, type StyledRun } from "./styled-text.js";

/** Hours may be missing, the fraction may follow a comma or a point, and may be short. */
const TIMES =
  /^\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?/;

/** SubRip: a number, the times, lines of text with a few HTML tags, an empty line. */
export class SrtReader implements CueReader {
  readonly #lines = new LineSplitter();
  #times: readonly [number, number] | undefined;
  #text: string[] = [];

  push(text: string): Cue[] {
    return this.#lines.push(text).flatMap((line) => this.#take(line));
  }

  settle(): Cue[] {
    return this.#lines.isWithinLine ? [] : this.#finish();
  }

  flush(): Cue[] {
    const last = this.#lines.end().flatMap((line) => this.#take(line));
    return [...last, ...this.#finish()];
  }

  #take(line: string): Cue[] {
    const match = TIMES.exec(line);
    if (match === null) {
      if (this.#times !== undefined) this.#text.push(line);
      return [];
    }
    // What stands before the times is the number, not text of the cue before. It has an empty line before it, as a rule.
    if (/^\s*\d+\s*$/.test(this.#text.at(-1) ?? "")) this.#text.pop();
    const done = this.#finish();
    this.#times = [milliseconds(match.slice(1, 5)), milliseconds(match.slice(5, 9))];
    return done;
  }

  #finish(): Cue[] {
    if (this.#times === undefined) return [];
    const [startMs, endMs] = this.#times;
    const { runs, alignment } = styled(this.#text.join("\n"));
    this.#times = undefined;
    this.#text = [];
    const text = cueText(runs);
    if (text === "" || endMs <= startMs) return [];
    return [{ startMs, endMs, text, settings: cueSettings(alignment, undefined, text.split("\n").length) }];
  }
}

/** Hours, minutes, seconds and the digits after the comma, in ms. */
export function milliseconds([h, m, s, fraction = ""]: readonly (string | undefined)[]): number {
  return ((Number(h ?? 0) * 60 + Number(m ?? 0)) * 60 + Number(s ?? 0)) * 1000 + Number(fraction.padEnd(3, "0"));
}

const TOKEN = /<(\/?)(i|b|u|s|em|strong|font|span)\b([^<>]*)>|<br\s*\/?>|\{\\([^{}]*)\}/gi;

interface Style {
  bold: boolean;
  italic: boolean;
  underline: boolean;
  colors: (ColorClass | undefined)[];
}

/** The tags that players agree on: i, b, u, font color, and ASS overrides, which many files carry. The rest is text. */
function styled(source: string): { readonly runs: readonly StyledRun[]; readonly alignment: Alignment } {
  const style: Style = { bold: false, italic: false, underline: false, colors: [] };
  const runs: StyledRun[] = [];
  let alignment: Alignment = 2;
  let at = 0;
  const add = (text: string) => {
    const { bold, italic, underline, colors } = style;
    if (text !== "") runs.push({ text: decodeEntities(text), bold, italic, underline, color: colors.at(-1) });
  };
  for (const match of source.matchAll(TOKEN)) {
    add(source.slice(at, match.index));
    at = match.index + match[0].length;
    const [whole, slash, name, attributes, override] = match;
    if (override !== undefined) alignment = applyOverride(override, style) ?? alignment;
    else if (name === undefined) add(/^<br/i.test(whole) ? "\n" : "");
    else applyTag(name.toLowerCase(), slash === "", attributes ?? "", style);
  }
  add(source.slice(at));
  return { runs, alignment };
}

function applyTag(name: string, opens: boolean, attributes: string, style: Style): void {
  if (name === "i" || name === "em") style.italic = opens;
  else if (name === "b" || name === "strong") style.bold = opens;
  else if (name === "u") style.underline = opens;
  else if (name === "font") {
    if (opens) style.colors.push(htmlColor(attributes) ?? style.colors.at(-1));
    else style.colors.pop();
  }
}

/** `an8`, `i1\b0`. @returns the alignment where it names one. */
function applyOverride(override: string, style: Style): Alignment | undefined {
  let alignment: Alignment | undefined;
  for (const tag of override.split("\\")) {
    const [, name, value = ""] = /^(an|a|i|b|u)(\d+)/.exec(tag) ?? [];
    if (name === "an") alignment = alignmentOf(Number(value));
    else if (name === "a") alignment = legacyAlignment(Number(value));
    else if (name === "i") style.italic = value !== "0";
    else if (name === "b") style.bold = value !== "0";
    else if (name === "u") style.underline = value !== "0";
  }
  return alignment;
}

const named: Readonly<Record<string, string>> = {
  red: "ff0000",
  green: "00ff00",
  lime: "00ff00",
  blue: "0000ff",
  yellow: "ffff00",
  cyan: "00ffff",
  aqua: "00ffff",
  magenta: "ff00ff",
  fuchsia: "ff00ff",
};

function htmlColor(attributes: string): ColorClass | undefined {
  const value = /color\s*=\s*["']?\s*(#?\w+)/i.exec(attributes)?.[1]?.toLowerCase() ?? "";
  const hex = named[value] ?? value.replace(/^#/, "");
  if (!/^[0-9a-f]{6}$/.test(hex)) return undefined;
  const number = Number.parseInt(hex, 16);
  return colorClass(number >> 16, (number >> 8) & 255, number & 255);
}
