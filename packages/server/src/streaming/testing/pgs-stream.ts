/** A white box that PGS shows for a while. */
export interface PgsBox {
  readonly fromS: number;
  readonly toS: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const bytes = (...parts: readonly (number | readonly number[])[]): number[] => parts.flat();
const u16 = (n: number) => [n >> 8, n & 255];
const u24 = (n: number) => [n >> 16, (n >> 8) & 255, n & 255];

/** One segment: "PG", its time in 90 kHz, its type and length (as Blu-ray's presentation graphics lie in .sup files). */
function segment(atS: number, type: number, body: readonly number[]): number[] {
  const pts = Math.round(atS * 90_000);
  const time = [(pts >>> 24) & 255, (pts >> 16) & 255, (pts >> 8) & 255, pts & 255];
  return bytes([0x50, 0x47], time, [0, 0, 0, 0], type, u16(body.length), body);
}

/** A presentation graphics stream with white boxes on a canvas, one after the other. */
export function pgsStream(
  canvas: { readonly width: number; readonly height: number },
  boxes: readonly PgsBox[],
): Uint8Array {
  let composition = 0;
  const frame = bytes(u16(canvas.width), u16(canvas.height), 0x10);
  const shown = ({ fromS, toS, x, y, width, height }: PgsBox) => {
    const window = bytes(1, 0, u16(x), u16(y), u16(width), u16(height));
    // A run of `width` pixels of colour 1, and the end of the line.
    const line = [0, 0xc0 | (width >> 8), width & 255, 1, 0, 0];
    const picture = Array.from({ length: height }, () => line).flat();
    return [
      ...segment(fromS, 0x16, bytes(frame, u16(composition++), 0x80, 0, 0, 1, u16(0), 0, 0, u16(x), u16(y))),
      ...segment(fromS, 0x17, window),
      ...segment(fromS, 0x14, bytes(0, 0, [1, 235, 128, 128, 255])),
      ...segment(fromS, 0x15, bytes(u16(0), 0, 0xc0, u24(picture.length + 4), u16(width), u16(height), picture)),
      ...segment(fromS, 0x80, []),
      ...segment(toS, 0x16, bytes(frame, u16(composition++), 0, 0, 0, 0)),
      ...segment(toS, 0x17, window),
      ...segment(toS, 0x80, []),
    ];
  };
  return Uint8Array.from(boxes.flatMap(shown));
}
