import { type Alignment, alignmentOf, legacyAlignment, type Point } from "./place.js";
import { type ColorClass, colorClass } from "./styled-text.js";

/** What WebVTT can show of an ASS style. */
export interface AssStyle {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly color: ColorClass | undefined;
  readonly alignment: Alignment;
}

/** The style at one place of a line, as its overrides change it. */
export interface TextState {
  bold: boolean;
  italic: boolean;
  underline: boolean;
  color: ColorClass | undefined;
  alignment: Alignment;
  /** What follows is a drawing, not text. */
  drawing: boolean;
  /** In the script's own coordinates. */
  point: Point | undefined;
}

export const plainStyle: AssStyle = { bold: false, italic: false, underline: false, color: undefined, alignment: 2 };

/** One `Style:` line by the names of its section's `Format:` line. */
export function readStyle(
  fields: readonly string[],
  line: string,
  isLegacy: boolean,
): { readonly name: string; readonly style: AssStyle } {
  const values = line.split(",").map((value) => value.trim());
  const value = (name: string) => values[fields.indexOf(name)] ?? "";
  const isSet = (name: string) => Number(value(name)) !== 0 && value(name) !== "";
  const alignment = Number(value("alignment"));
  return {
    name: (value("name") || (values[0] ?? "")).replace(/^\*/, ""),
    style: {
      bold: isSet("bold"),
      italic: isSet("italic"),
      underline: isSet("underline"),
      color: assColor(value("primarycolour")),
      alignment: (isLegacy ? legacyAlignment(alignment) : alignmentOf(alignment)) ?? 2,
    },
  };
}

/** Applies what stands between braces. @param styleNamed the line's own style for the empty name. */
export function applyOverrides(block: string, state: TextState, styleNamed: (name: string) => AssStyle): void {
  for (const tag of block.slice(1, -1).split("\\").slice(1)) applyTag(tag.trim(), state, styleNamed);
}

function applyTag(tag: string, state: TextState, styleNamed: (name: string) => AssStyle): void {
  const place = /^(?:pos|move)\(\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)/.exec(tag);
  if (place !== null) {
    state.point = { x: Number(place[1]), y: Number(place[2]) };
    return;
  }
  const color = /^1?c(&H[0-9a-f]+&?)?$/i.exec(tag);
  if (color !== null) {
    state.color = color[1] === undefined ? styleNamed("").color : assColor(color[1]);
    return;
  }
  if (/^r(?!nd)/.test(tag)) {
    const { bold, italic, underline, color } = styleNamed(tag.slice(1));
    Object.assign(state, { bold, italic, underline, color });
    return;
  }
  const [, name, digits] = /^(an|a|b|i|u|p)(\d*)$/.exec(tag) ?? [];
  const number = Number(digits);
  const base = styleNamed("");
  if (name === "an") state.alignment = alignmentOf(number) ?? state.alignment;
  else if (name === "a") state.alignment = legacyAlignment(number) ?? state.alignment;
  // A weight: 700 is bold, 400 is not.
  else if (name === "b") state.bold = digits === "" ? base.bold : number === 1 || number >= 600;
  else if (name === "i") state.italic = digits === "" ? base.italic : number !== 0;
  else if (name === "u") state.underline = digits === "" ? base.underline : number !== 0;
  else if (name === "p") state.drawing = number > 0;
}

/** `&HAABBGGRR`, `&HBBGGRR&`, or a decimal number of the same: blue before red. */
function assColor(text: string): ColorClass | undefined {
  const hex = /^&?H([0-9a-f]+)&?$/i.exec(text)?.[1];
  const number = hex === undefined ? Number(text || Number.NaN) : Number.parseInt(hex.slice(-6), 16);
  if (!Number.isFinite(number)) return undefined;
  return colorClass(number & 255, (number >> 8) & 255, (number >> 16) & 255);
}
