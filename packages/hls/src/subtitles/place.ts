/** Where a cue is shown, by the number pad: 1–3 below, 4–6 in the middle, 7–9 above; left, centre, right. */
export type Alignment = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export function alignmentOf(number: number): Alignment | undefined {
  return ([1, 2, 3, 4, 5, 6, 7, 8, 9] as const).find((each) => each === number);
}

/** SubStation Alpha v4 and `\a`: 1–3 below, +4 above, +8 in the middle. */
export function legacyAlignment(number: number): Alignment | undefined {
  const column = number & 3;
  if (column === 0) return undefined;
  return alignmentOf(column + (number & 4 ? 6 : number & 8 ? 3 : 0));
}

/** A point in percent of the picture, from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** About what a line of text takes of the picture's height, percent. */
const LINE_PERCENT = 6;

/** WebVTT cue settings for a place. Empty for below in the middle, where players put a cue by themselves. */
export function cueSettings(alignment: Alignment, point: Point | undefined, lines: number): string {
  const row = Math.floor((alignment - 1) / 3);
  const column = (alignment - 1) % 3;
  const align = (["start", "center", "end"] as const)[column];
  if (point !== undefined) {
    // The point is the text's lower edge, middle or upper edge; WebVTT's line is the upper one.
    const top = point.y - (lines * LINE_PERCENT * (2 - row)) / 2;
    const line = Math.round(Math.min(Math.max(top, 0), 100 - lines * LINE_PERCENT));
    return `line:${line}% position:${Math.round(Math.min(Math.max(point.x, 0), 100))}% align:${align}`;
  }
  const settings: string[] = [];
  if (row === 2) settings.push("line:0");
  if (row === 1) settings.push(`line:${Math.round(50 - (lines * LINE_PERCENT) / 2)}%`);
  if (column !== 1) settings.push(`position:${column === 0 ? 5 : 95}%`, `align:${align}`);
  return settings.join(" ");
}
