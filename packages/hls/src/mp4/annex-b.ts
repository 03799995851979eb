/**
 * Turns a picture of H.264 or HEVC from Annex B (start codes) into the form of MP4: each NAL unit behind its length in
 * four bytes (ISO/IEC 14496-15 §4.3.2). Parameter sets in the picture stay, as they may change within the stream.
 */
export function annexBToLengthPrefixed(bytes: Uint8Array): Uint8Array {
  const units: Uint8Array[] = [];
  let length = 0;
  let start = -1;
  const close = (end: number) => {
    if (start < 0) return;
    // A zero before the start code belongs to it (the four-byte form) or is trailing_zero_8bits.
    while (end > start && bytes[end - 1] === 0) end--;
    if (end === start) return;
    units.push(bytes.subarray(start, end));
    length += 4 + end - start;
  };
  for (let i = 0; i + 2 < bytes.byteLength; ) {
    const third = bytes[i + 2] ?? 0;
    if (third > 1) i += 3;
    else if (third === 1 && bytes[i] === 0 && bytes[i + 1] === 0) {
      close(i);
      start = i + 3;
      i += 3;
    } else i++;
  }
  close(bytes.byteLength);
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const unit of units) {
    view.setUint32(at, unit.byteLength);
    out.set(unit, at + 4);
    at += 4 + unit.byteLength;
  }
  return out;
}
