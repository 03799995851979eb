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

/** What a file is by its first bytes, whatever its name ends in. */
export type OuterFormat = "mp4" | "matroska" | "riff" | "other";

/**
 * Checks what the outermost structure of a file announces against the bytes that are there, before anything is spent
 * on it: a film that was cut short would otherwise play to its cut and fail there.
 * @throws {ProbeError}
 */
export async function checkCompleteness(file: string, sizeBytes: number): Promise<OuterFormat> {
  const handle = await open(file, "r");
  try {
    const readAt: ReadAt = async (offset, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    const head = await readAt(0, 64);
    const format = outerFormat(head);
    const announced = await announcedBytes(format, head, readAt, sizeBytes);
    if (announced === null || sizeBytes >= announced * ENOUGH) return format;
    throw new ProbeError(
      `The file is incomplete: ${megabytes(sizeBytes)} of ${megabytes(announced)} are there. ` +
        "It may still be being copied, or was cut short.",
    );
  } finally {
    await handle.close();
  }
}

function outerFormat(head: Buffer): OuterFormat {
  if (head.toString("latin1", 0, 4) === "RIFF") return "riff";
  if (/^(ftyp|moov|mdat|free|skip|wide|styp)$/.test(head.toString("latin1", 4, 8))) return "mp4";
  return readElementHeader(head, 0)?.id === EBML ? "matroska" : "other";
}

async function announcedBytes(format: OuterFormat, head: Buffer, readAt: ReadAt, sizeBytes: number) {
  if (format === "mp4") return await boxesEnd(readAt, sizeBytes);
  if (format === "matroska") return matroskaEnd(head);
  return format === "riff" && head.length >= 8 ? head.readUInt32LE(4) + 8 : null;
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
