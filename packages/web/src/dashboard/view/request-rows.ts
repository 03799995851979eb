import type { RequestBar } from "./view-timeline.js";

export interface PlacedRequest extends RequestBar {
  /** Counted from the top. */
  readonly row: number;
}

export interface RequestRows {
  readonly placed: readonly PlacedRequest[];
  readonly rows: number;
}

/** More are open at once only where something is wrong; they share the last row. */
const MOST_ROWS = 6;

/** Puts each request into the first row that is free when it begins, so that those that overlap are seen apart. */
export function requestRows(requests: readonly RequestBar[]): RequestRows {
  const freeAt: number[] = [];
  const placed = requests
    .toSorted((a, b) => a.from - b.from)
    .map((request) => {
      const free = freeAt.findIndex((at) => at <= request.from);
      const row = free >= 0 ? free : Math.min(freeAt.length, MOST_ROWS - 1);
      freeAt[row] = Math.max(freeAt[row] ?? 0, request.to);
      return { ...request, row };
    });
  return { placed, rows: Math.max(1, freeAt.length) };
}

/** Bits per second while its bytes came; undefined where bytes or time are not known. */
export function transferRate({ from, to, waitMs, event }: RequestBar): number | undefined {
  const bytes: unknown = Reflect.get(event, "bytes");
  const ms = to - from - waitMs;
  return typeof bytes === "number" && bytes > 0 && ms > 0 ? (bytes * 8_000) / ms : undefined;
}

/** The requests that were open at a time; if none was, nothing. */
export function requestsAt(placed: readonly PlacedRequest[], at: number): readonly PlacedRequest[] {
  return placed.filter(({ from, to }) => at >= from && at <= to);
}

/** The request under the pointer: in this row, and no further than `reach` ms away. */
export function requestNear(
  placed: readonly PlacedRequest[],
  at: number,
  row: number,
  reach: number,
): PlacedRequest | undefined {
  let best: PlacedRequest | undefined;
  let nearest = reach;
  for (const request of placed) {
    if (request.row !== row) continue;
    const away = at < request.from ? request.from - at : Math.max(0, at - request.to);
    if (away > nearest) continue;
    best = request;
    nearest = away;
  }
  return best;
}
