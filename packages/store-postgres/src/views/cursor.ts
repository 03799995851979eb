import { InvalidCursorError } from "@playhead/store";

/** The last row of a page; the next page starts after it. */
export interface Position {
  readonly startedAt: number;
  readonly viewId: string;
}

export function writeCursor({ startedAt, viewId }: Position): string {
  return Buffer.from(JSON.stringify([startedAt, viewId])).toString("base64url");
}

/** @throws {InvalidCursorError} for anything that `writeCursor` did not write. */
export function readCursor(cursor: string): Position {
  const [startedAt, viewId] = parse(cursor);
  if (typeof startedAt !== "number" || !Number.isSafeInteger(startedAt)) throw new InvalidCursorError();
  if (typeof viewId !== "string" || viewId.includes("\0")) throw new InvalidCursorError();
  return { startedAt, viewId };
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(value) && value.length === 2 ? value : [];
  } catch {
    return [];
  }
}
