import { boxesIn, findBox, readBoxHeader, timescaleOfInit, view } from "./box-reader.js";
import { concatBytes } from "./box-writer.js";

/** What is told about a fragment by its own boxes. Times in units of `timescale`. */
export interface FragmentFacts {
  readonly timescale: number;
  readonly decodeTime: number;
  readonly duration: number;
  readonly sampleCount: number;
}

export type SplitPart =
  | { readonly type: "init"; readonly bytes: Uint8Array; readonly timescale: number }
  | ({ readonly type: "fragment"; readonly bytes: Uint8Array } & FragmentFacts);

/**
 * Cuts a stream of fragmented MP4 into its init segment (ftyp, moov) and its fragments (moof, mdat), each as soon as its
 * last byte is there. One track; boxes of other kinds between them are dropped.
 */
export class FragmentSplitter {
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** Bytes that must be there before it is worth looking again. */
  #wanted = 8;
  #head: Uint8Array[] = [];
  #timescale = 0;
  #init: Uint8Array | undefined;

  /**
   * @returns the parts that this chunk completes, in order.
   * @throws {RangeError} when the bytes are no fragmented MP4.
   */
  push(chunk: Uint8Array): SplitPart[] {
    this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
    if (this.#length < this.#wanted) return [];
    const bytes = this.#chunks.length === 1 ? chunk : concatBytes(this.#chunks);
    const parts: SplitPart[] = [];
    let at = 0;
    for (;;) {
      const span = readBoxHeader(bytes, at);
      if (span === undefined || span.end > bytes.byteLength) {
        this.#wanted = span === undefined ? 16 : span.end - at;
        break;
      }
      const part = this.#take(span.type, bytes.slice(span.start, span.end));
      if (part !== undefined) parts.push(part);
      at = span.end;
    }
    const rest = bytes.subarray(at);
    this.#chunks = rest.byteLength > 0 ? [rest] : [];
    this.#length = rest.byteLength;
    return parts;
  }

  /** Bytes held back because their box is not complete. */
  get pendingBytes(): number {
    return this.#length;
  }

  #take(type: string, bytes: Uint8Array): SplitPart | undefined {
    switch (type) {
      case "ftyp":
      case "moof":
        this.#head = [bytes];
        return undefined;
      case "moov": {
        const init = concatBytes([...this.#head, bytes]);
        this.#head = [];
        this.#init = init;
        this.#timescale = timescaleOfInit(init);
        return { type: "init", bytes: init, timescale: this.#timescale };
      }
      case "mdat": {
        const moof = this.#head[0];
        this.#head = [];
        if (moof === undefined || this.#init === undefined) throw new RangeError("MP4 mdat without moov and moof");
        return {
          type: "fragment",
          bytes: concatBytes([moof, bytes]),
          timescale: this.#timescale,
          ...fragmentTimes(moof, this.#init),
        };
      }
      default:
        return undefined;
    }
  }
}

/** Reads a whole segment (styp?, moof, mdat) against its init segment. */
export function readFragmentFacts(segment: Uint8Array, init: Uint8Array): FragmentFacts {
  return { timescale: timescaleOfInit(init), ...fragmentTimes(segment, init) };
}

function fragmentTimes(bytes: Uint8Array, init: Uint8Array): Omit<FragmentFacts, "timescale"> {
  const data = view(bytes);
  const traf = findBox(bytes, ["moof", "traf"]);
  const tfdt = findBox(bytes, ["moof", "traf", "tfdt"]);
  if (traf === undefined || tfdt === undefined) throw new RangeError("MP4 fragment has no tfdt box");
  const decodeTime =
    bytes[tfdt.contents] === 1 ? Number(data.getBigInt64(tfdt.contents + 4)) : data.getUint32(tfdt.contents + 4);
  const defaultDuration = trackFragmentDuration(bytes) ?? trackDefaultDuration(init);
  let duration = 0;
  let sampleCount = 0;
  for (const trun of boxesIn(bytes, traf.contents, traf.end)) {
    if (trun.type !== "trun") continue;
    const flags = data.getUint32(trun.contents) & 0xffffff;
    const count = data.getUint32(trun.contents + 4);
    sampleCount += count;
    if ((flags & 0x100) === 0) {
      duration += count * defaultDuration;
      continue;
    }
    const row = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
    let at = trun.contents + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
    for (let i = 0; i < count; i++, at += row) duration += data.getUint32(at);
  }
  return { decodeTime, duration, sampleCount };
}

/** default_sample_duration of tfhd; its fields are there or not by flags (ISO/IEC 14496-12 §8.8.7). */
function trackFragmentDuration(bytes: Uint8Array): number | undefined {
  const tfhd = findBox(bytes, ["moof", "traf", "tfhd"]);
  if (tfhd === undefined) return undefined;
  const data = view(bytes);
  const flags = data.getUint32(tfhd.contents) & 0xffffff;
  if ((flags & 0x8) === 0) return undefined;
  return data.getUint32(tfhd.contents + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0));
}

function trackDefaultDuration(init: Uint8Array): number {
  const trex = findBox(init, ["moov", "mvex", "trex"]);
  return trex === undefined ? 0 : view(init).getUint32(trex.contents + 12);
}

/**
 * Gives a fragment another decode time, in place.
 * @throws {RangeError} when the fragment has no tfdt, or an old one of 32 bits that can't hold the value.
 */
export function patchTfdt(fragment: Uint8Array, decodeTime: number): void {
  const tfdt = findBox(fragment, ["moof", "traf", "tfdt"]);
  if (tfdt === undefined) throw new RangeError("MP4 fragment has no tfdt box");
  const data = view(fragment);
  if (fragment[tfdt.contents] === 1) data.setBigInt64(tfdt.contents + 4, BigInt(decodeTime));
  else if (decodeTime > 0xffffffff) throw new RangeError(`tfdt of 32 bits can't hold ${decodeTime}`);
  else data.setUint32(tfdt.contents + 4, decodeTime);
}
