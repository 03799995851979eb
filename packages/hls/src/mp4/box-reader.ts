/** Where a box lies in its bytes. */
export interface BoxSpan {
  readonly type: string;
  /** First byte of the header. */
  readonly start: number;
  /** First byte of the contents. */
  readonly contents: number;
  /** One past the last byte. */
  readonly end: number;
}

export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Reads the header at `at`, whether or not the contents are there yet.
 * @returns undefined when the header itself is not complete.
 * @throws {RangeError} when the size is impossible, or 0 ("to the end of the file"), which no stream of fragments has.
 */
export function readBoxHeader(bytes: Uint8Array, at: number): BoxSpan | undefined {
  if (at + 8 > bytes.byteLength) return undefined;
  const data = view(bytes);
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  const size = data.getUint32(at);
  if (size !== 1) {
    if (size < 8) throw new RangeError(`MP4 box "${type}" at ${at} has the impossible size ${size}`);
    return { type, start: at, contents: at + 8, end: at + size };
  }
  if (at + 16 > bytes.byteLength) return undefined;
  const large = Number(data.getBigUint64(at + 8));
  if (large < 16 || !Number.isSafeInteger(large)) {
    throw new RangeError(`MP4 box "${type}" at ${at} has the impossible size ${large}`);
  }
  return { type, start: at, contents: at + 16, end: at + large };
}

/** The complete boxes that lie side by side from `from` to `to`. */
export function* boxesIn(bytes: Uint8Array, from = 0, to = bytes.byteLength): Generator<BoxSpan, void> {
  let at = from;
  while (at < to) {
    const span = readBoxHeader(bytes, at);
    if (span === undefined || span.end > to) return;
    yield span;
    at = span.end;
  }
}

/** The first box at a path of container boxes such as `["moov", "trak", "mdia"]`. */
export function findBox(bytes: Uint8Array, path: readonly string[]): BoxSpan | undefined {
  let found: BoxSpan | undefined;
  for (const type of path) {
    const inside: BoxSpan | undefined = found;
    found = undefined;
    for (const span of boxesIn(bytes, inside?.contents ?? 0, inside?.end ?? bytes.byteLength)) {
      if (span.type === type) {
        found = span;
        break;
      }
    }
    if (found === undefined) return undefined;
  }
  return found;
}

/** Media timescale of the first track of an init segment. */
export function timescaleOfInit(init: Uint8Array): number {
  const mdhd = findBox(init, ["moov", "trak", "mdia", "mdhd"]);
  if (mdhd === undefined) throw new RangeError("MP4 init segment has no mdhd box");
  return view(init).getUint32(mdhd.contents + (init[mdhd.contents] === 1 ? 20 : 12));
}
