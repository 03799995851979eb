import { open } from "node:fs/promises";
import { type ElementHeader, elementsIn, MAX_HEADER_BYTES, readElementHeader, unsigned } from "./ebml.js";

/** Element ids of RFC 9559. */
const id = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  cluster: 0x1f43b675,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
} as const;

const VIDEO = 1;
const DEFAULT_SCALE_NS = 1_000_000;
const MAX_ELEMENT_BYTES = 32 * 1024 * 1024;
const MAX_ELEMENTS = 200;

/**
 * Times in seconds of the first video track's cue points, ascending; null when the file has none. Cues are the
 * container's own list of the points where decoding can begin, so a film of hours is indexed by reading some kilobytes.
 */
export async function matroskaCues(file: string): Promise<readonly number[] | null> {
  const handle = await open(file, "r");
  try {
    const readAt = async (offset: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    return cueTimes(await topElements(readAt));
  } finally {
    await handle.close();
  }
}

type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;
type TopElements = ReadonlyMap<number, Uint8Array>;

/** Info, Tracks and Cues: those before the first cluster, and those that a seek head points at. */
async function topElements(readAt: ReadAt): Promise<TopElements> {
  const found = new Map<number, Uint8Array>();
  const headerAt = async (offset: number): Promise<ElementHeader | null> =>
    readElementHeader(await readAt(offset, MAX_HEADER_BYTES), 0);

  const ebml = await headerAt(0);
  if (ebml?.id !== id.ebml || ebml.size === null) return found;
  const segmentAt = ebml.headerBytes + ebml.size;
  const segment = await headerAt(segmentAt);
  if (segment?.id !== id.segment) return found;
  const segmentStart = segmentAt + segment.headerBytes;

  const seekTo = new Map<number, number>();
  const take = async (offset: number, header: ElementHeader): Promise<void> => {
    if (header.size === null || header.size > MAX_ELEMENT_BYTES || found.has(header.id)) return;
    const data = await readAt(offset + header.headerBytes, header.size);
    if (header.id !== id.seekHead) found.set(header.id, data);
    else for (const [target, position] of seekEntries(data)) seekTo.set(target, segmentStart + position);
  };

  let offset = segmentStart;
  for (let i = 0; i < MAX_ELEMENTS; i++) {
    const header = await headerAt(offset);
    if (header === null || header.id === id.cluster || header.size === null) break;
    if (header.id === id.seekHead || header.id === id.info || header.id === id.tracks || header.id === id.cues) {
      await take(offset, header);
    }
    offset += header.headerBytes + header.size;
  }
  // A seek head may point at a second one, which then knows the cues.
  for (const target of [id.seekHead, id.info, id.tracks, id.cues]) {
    const at = seekTo.get(target);
    const header = at === undefined ? null : await headerAt(at);
    if (at !== undefined && header?.id === target) await take(at, header);
  }
  return found;
}

function* seekEntries(seekHead: Uint8Array): Generator<readonly [target: number, position: number]> {
  for (const seek of elementsIn(seekHead)) {
    if (seek.id !== id.seek) continue;
    const fields = fieldsOf(seek.data);
    const target = fields.get(id.seekId);
    const position = fields.get(id.seekPosition);
    if (target && position) yield [unsigned(target), unsigned(position)];
  }
}

function cueTimes(elements: TopElements): readonly number[] | null {
  const tracks = elements.get(id.tracks);
  const cues = elements.get(id.cues);
  const track = tracks && firstVideoTrack(tracks);
  if (track === undefined || cues === undefined) return null;
  const info = elements.get(id.info);
  const scale = info && fieldsOf(info).get(id.timestampScale);
  // Units a second: dividing by a whole number keeps 2.524 the double that one would write.
  const perSecond = 1e9 / (scale ? unsigned(scale) : DEFAULT_SCALE_NS);

  const times = new Set<number>();
  for (const point of elementsIn(cues)) {
    if (point.id !== id.cuePoint) continue;
    let time: number | undefined;
    let isOurs = false;
    for (const field of elementsIn(point.data)) {
      if (field.id === id.cueTime) time = unsigned(field.data);
      if (field.id !== id.cueTrackPositions) continue;
      const cueTrack = fieldsOf(field.data).get(id.cueTrack);
      isOurs ||= cueTrack !== undefined && unsigned(cueTrack) === track;
    }
    if (isOurs && time !== undefined) times.add(time / perSecond);
  }
  return times.size === 0 ? null : [...times].toSorted((a, b) => a - b);
}

function firstVideoTrack(tracks: Uint8Array): number | undefined {
  for (const entry of elementsIn(tracks)) {
    if (entry.id !== id.trackEntry) continue;
    const fields = fieldsOf(entry.data);
    const type = fields.get(id.trackType);
    const number = fields.get(id.trackNumber);
    if (type && number && unsigned(type) === VIDEO) return unsigned(number);
  }
  return undefined;
}

const fieldsOf = (data: Uint8Array): ReadonlyMap<number, Uint8Array> =>
  new Map([...elementsIn(data)].map((element) => [element.id, element.data]));
