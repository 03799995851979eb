import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type Packet, packetsOf } from "./fixtures/measure.js";
import { bytesOf, type ReadPlaylist } from "./playlist.js";
import type { RunningService } from "./service.js";

/** One rendition as it was delivered. */
export interface Delivered {
  readonly playlist: ReadPlaylist;
  readonly init: Buffer;
  /** By index. */
  readonly segments: ReadonlyMap<number, Buffer>;
}

/** The last one first, then near and far in turn. */
export const scattered = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index).toSorted(
    (a, b) => ((b * 7919) % count) - ((a * 7919) % count) || b - a,
  );

export const inOrder = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Asks for a rendition's segments, one after the other, in the order that is given. */
export async function fetchRendition(
  service: RunningService,
  playlist: ReadPlaylist,
  order: readonly number[] = inOrder(playlist.segments.length),
): Promise<Delivered> {
  const init = await bytesOf(service, playlist.init);
  const segments = new Map<number, Buffer>();
  for (const index of order) {
    const segment = playlist.segments[index];
    if (segment) segments.set(index, await bytesOf(service, segment.url));
  }
  return { playlist, init, segments };
}

/** The init segment and the segments from one on, in one file: what a player holds after it sought there. */
export async function joined(folder: string, { playlist, init, segments }: Delivered, from = 0): Promise<string> {
  const parts = [...segments].filter(([index]) => index >= from).toSorted(([a], [b]) => a - b);
  const name = createHash("sha1").update(playlist.url.href).digest("hex").slice(0, 12);
  const file = path.join(folder, `${name}-${from}.mp4`);
  await writeFile(file, Buffer.concat([init, ...parts.map(([, bytes]) => bytes)]));
  return file;
}

/** The packets of each segment, in the order of the file; `file` is all of them, `joined`. */
export async function packetsBySegment(file: string, { init, segments }: Delivered): Promise<Map<number, Packet[]>> {
  const packets = await packetsOf(file);
  const bySegment = new Map<number, Packet[]>();
  let start = init.length;
  for (const [index, bytes] of [...segments].toSorted(([a], [b]) => a - b)) {
    const end = start + bytes.length;
    const from = start;
    bySegment.set(
      index,
      packets.filter(({ position }) => position >= from && position < end),
    );
    start = end;
  }
  return bySegment;
}
