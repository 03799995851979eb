import { type AacFormat, aacSampleRates } from "./aac-sample-description.js";
import { concatBytes } from "./box-writer.js";

/** One AAC frame out of its ADTS header. */
export interface AdtsFrame {
  readonly format: AacFormat;
  /** Raw data block, as MP4 holds it. */
  readonly data: Uint8Array;
}

/**
 * Cuts a stream of ADTS (ISO/IEC 13818-7 §6.2) into its frames.
 * Each header holds one frame here: encoders write one, and MP4 could not hold more as one sample.
 */
export class AdtsSplitter {
  #rest: Uint8Array = new Uint8Array(0);

  /**
   * @returns the frames that this chunk completes.
   * @throws {RangeError} when the bytes are no ADTS.
   */
  push(chunk: Uint8Array): AdtsFrame[] {
    const bytes = this.#rest.byteLength === 0 ? chunk : concatBytes([this.#rest, chunk]);
    const frames: AdtsFrame[] = [];
    let at = 0;
    for (;;) {
      const header = readAdtsHeader(bytes, at);
      if (header === undefined || at + header.frameLength > bytes.byteLength) break;
      frames.push({ format: header.format, data: bytes.slice(at + header.headerLength, at + header.frameLength) });
      at += header.frameLength;
    }
    this.#rest = bytes.subarray(at);
    return frames;
  }
}

interface AdtsHeader {
  readonly format: AacFormat;
  readonly headerLength: number;
  readonly frameLength: number;
}

/**
 * @returns undefined when the header is not complete.
 * @throws {RangeError} when there is no ADTS header at `at`.
 */
export function readAdtsHeader(bytes: Uint8Array, at: number): AdtsHeader | undefined {
  if (at + 7 > bytes.byteLength) return undefined;
  const byte = (i: number) => bytes[at + i] ?? 0;
  const sampleRate = aacSampleRates[(byte(2) >> 2) & 0xf];
  const frameLength = ((byte(3) & 0x3) << 11) | (byte(4) << 3) | (byte(5) >> 5);
  const headerLength = byte(1) & 0x1 ? 7 : 9;
  if (byte(0) !== 0xff || (byte(1) & 0xf6) !== 0xf0 || sampleRate === undefined || frameLength < headerLength) {
    throw new RangeError(`No ADTS header at byte ${at}`);
  }
  return {
    format: { objectType: (byte(2) >> 6) + 1, sampleRate, channels: ((byte(2) & 0x1) << 2) | (byte(3) >> 6) },
    headerLength,
    frameLength,
  };
}
