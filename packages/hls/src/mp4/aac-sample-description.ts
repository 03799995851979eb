import { box, concatBytes, fullBox, u8, u16, u32 } from "./box-writer.js";

/** Sampling frequency indices of ISO/IEC 14496-3 table 1.18. */
export const aacSampleRates: readonly number[] = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

export interface AacFormat {
  /** Audio object type: 2 is AAC-LC. */
  readonly objectType: number;
  readonly sampleRate: number;
  /** Channel configuration: 1–6 is the count of channels, 7 is 7.1. */
  readonly channels: number;
}

/** AudioSpecificConfig, ISO/IEC 14496-3 §1.6.2.1. */
function audioSpecificConfig(format: AacFormat): Uint8Array {
  const index = aacSampleRates.indexOf(format.sampleRate);
  if (index < 0) throw new RangeError(`AAC has no index for ${format.sampleRate} Hz`);
  return u16((format.objectType << 11) | (index << 7) | (format.channels << 3));
}

/** An MPEG-4 descriptor with a size of one byte. */
const descriptor = (tag: number, ...contents: readonly Uint8Array[]) => {
  const body = concatBytes(contents);
  return concatBytes([u8(tag, body.byteLength), body]);
};

/** The `stsd` box of an AAC track: mp4a with esds (ISO/IEC 14496-14 §5.6). */
export function aacSampleDescription(format: AacFormat): Uint8Array {
  const decoderConfig = descriptor(
    0x04,
    u8(0x40, 0x15, 0, 0, 0), // MPEG-4 audio; audio stream; buffer size unknown
    u32(0, 0),
    descriptor(0x05, audioSpecificConfig(format)),
  );
  const esds = fullBox("esds", 0, 0, descriptor(0x03, u16(0), u8(0), decoderConfig, descriptor(0x06, u8(2))));
  const mp4a = box(
    "mp4a",
    u32(0),
    u16(0, 1),
    u32(0, 0),
    u16(format.channels, 16, 0, 0),
    u32(format.sampleRate * 0x10000),
    esds,
  );
  return fullBox("stsd", 0, 0, u32(1), mp4a);
}
