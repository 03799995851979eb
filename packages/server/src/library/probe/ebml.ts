/** Reading Matroska's elements (RFC 8794): an id, a size, then that many bytes. */
export interface ElementHeader {
  readonly id: number;
  /** Bytes of the content; null where the writer did not know. */
  readonly size: number | null;
  /** Bytes of the header itself. */
  readonly headerBytes: number;
}

/** The longest id is 4 bytes, the longest size 8. */
export const MAX_HEADER_BYTES = 12;

/** The header at `offset`; null where the bytes are none. */
export function readElementHeader(bytes: Uint8Array, offset: number): ElementHeader | null {
  const idBytes = vintLength(bytes[offset], 4);
  const sizeBytes = idBytes === null ? null : vintLength(bytes[offset + idBytes], 8);
  if (idBytes === null || sizeBytes === null || offset + idBytes + sizeBytes > bytes.length) return null;
  let id = 0;
  for (let i = 0; i < idBytes; i++) id = id * 256 + (bytes[offset + i] ?? 0);
  const at = offset + idBytes;
  let size = (bytes[at] ?? 0) & (0xff >> sizeBytes);
  let unknown = size === 0xff >> sizeBytes;
  for (let i = 1; i < sizeBytes; i++) {
    const byte = bytes[at + i] ?? 0;
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  return { id, size: unknown ? null : size, headerBytes: idBytes + sizeBytes };
}

/** Length in bytes that the first byte of a variable-length number tells: its leading zeros, plus one. */
function vintLength(first: number | undefined, max: number): number | null {
  if (first === undefined || first === 0) return null;
  const length = Math.clz32(first) - 23;
  return length <= max ? length : null;
}

export interface Element {
  readonly id: number;
  readonly data: Uint8Array;
}

/** The elements that lie one after another in `bytes`; stops at the first that is cut. */
export function* elementsIn(bytes: Uint8Array): Generator<Element> {
  let offset = 0;
  while (offset < bytes.length) {
    const header = readElementHeader(bytes, offset);
    if (header === null || header.size === null) return;
    const start = offset + header.headerBytes;
    if (start + header.size > bytes.length) return;
    yield { id: header.id, data: bytes.subarray(start, start + header.size) };
    offset = start + header.size;
  }
}

/** An unsigned integer of up to 8 bytes; exact up to 2⁵³. */
export function unsigned(data: Uint8Array): number {
  let value = 0;
  for (const byte of data) value = value * 256 + byte;
  return value;
}
