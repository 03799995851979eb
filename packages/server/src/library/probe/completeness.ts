import { open } from "node:fs/promises";
import { readElementHeader } from "./ebml.js";
import { ProbeError } from "./probe-error.js";

/** Less than this part of what the file announces: it was cut short. A few missing bytes at the end hurt nobody. */
const ENOUGH = 0.99;
/** A fragmented file may have very many boxes; the first ones tell. */
const MAX_BOXES = 2_000;

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;

type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/**
 * Checks what the outermost structure of a file announces against the bytes that are there, before anything is spent
 * on it: a film that was cut short would otherwise play to its cut and fail there.
 * @throws {ProbeError}
 */
export async function checkCompleteness(file: string, sizeBytes: number): Promise<void> {
  const handle = await open(file, "r");
  try {
    const readAt: ReadAt = async (offset, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    const announced = await announcedBytes(readAt, sizeBytes);
    if (announced === null || sizeBytes >= announced * ENOUGH) return;
    throw new ProbeError(
      `The file is incomplete: ${megabytes(sizeBytes)} of ${megabytes(announced)} are there. ` +
        "It may still be being copied, or was cut short.",
    );
  } finally {
    await handle.close();
  }
}

async function announcedBytes(readAt: ReadAt, sizeBytes: number): Promise<number | null> {
  const head = await readAt(0, 64);
  if (head.toString("latin1", 0, 4) === "RIFF") return head.length >= 8 ? head.readUInt32LE(4) + 8 : null;
  if (/^(ftyp|moov|mdat|free|skip|wide|styp)$/.test(head.toString("latin1", 4, 8))) return boxesEnd(readAt, sizeBytes);
  return matroskaEnd(head);
}

/** Where the last of the top-level boxes of an MP4 or QuickTime file ends (ISO/IEC 14496-12 §4.2). */
async function boxesEnd(readAt: ReadAt, sizeBytes: number): Promise<number | null> {
  let offset = 0;
  for (let i = 0; i < MAX_BOXES && offset + 8 <= sizeBytes; i++) {
    const header = await readAt(offset, 16);
    const type = header.toString("latin1", 4, 8);
    if (header.length < 8 || !/^[\w ©-]{4}$/.test(type)) return null;
    let size = header.readUInt32BE(0);
    if (size === 0) return null;
    if (size === 1) size = header.length < 16 ? 0 : Number(header.readBigUInt64BE(8));
    if (size < 8) return null;
    offset += size;
  }
  return offset;
}

function matroskaEnd(head: Uint8Array): number | null {
  const ebml = readElementHeader(head, 0);
  if (ebml?.id !== EBML || ebml.size === null) return null;
  const at = ebml.headerBytes + ebml.size;
  const segment = readElementHeader(head, at);
  if (segment?.id !== SEGMENT || segment.size === null) return null;
  return at + segment.headerBytes + segment.size;
}

function megabytes(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`;
  return bytes < 10_000_000 ? `${Math.round(bytes / 1_000)} KB` : `${Math.round(bytes / 1_000_000)} MB`;
}
