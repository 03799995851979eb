import { field, isJsonObject } from "../json.js";

/** Width and height in px; a name such as `720p` gives the height alone. */
export interface Size {
  readonly width?: number;
  readonly height?: number;
}

const MAX_PX = 65_535;
const isPx = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_PX;

/** Reads `720p`, `1280x720` or `{width, height}`; undefined for what says no size (`auto`, `HD`). */
export function parseResolution(value: unknown): Size | undefined {
  if (isJsonObject(value)) {
    const width = field(value, "width");
    const height = field(value, "height");
    return isPx(width) && isPx(height) ? { width, height } : undefined;
  }
  if (typeof value !== "string") return undefined;
  const lines = /^(\d{2,5})[pi]\d{0,3}$/i.exec(value);
  if (lines) return within({ height: Number(lines[1]) });
  const both = /^(\d{1,5})\s?[x×*]\s?(\d{1,5})$/i.exec(value);
  return both ? within({ width: Number(both[1]), height: Number(both[2]) }) : undefined;
}

const within = (size: Size): Size | undefined =>
  (size.width ?? 0) <= MAX_PX && (size.height ?? 0) <= MAX_PX ? size : undefined;
