import { ascii, box, concatBytes, fullBox, u32, u64 } from "./box-writer.js";

/** One coded picture or audio frame, its times in units of the track's timescale. */
export interface Sample {
  readonly data: Uint8Array;
  /** Time to the next sample in decode order. */
  readonly duration: number;
  /** Composition time minus decode time; may be negative. */
  readonly compositionOffset: number;
  readonly isKey: boolean;
}

export interface Fragment {
  /** From 1; only ever a hint to readers. */
  readonly sequenceNumber: number;
  /** Decode time of the first sample: tfdt. */
  readonly decodeTime: number;
  readonly samples: readonly Sample[];
}

/** The one track of our files. */
export const trackId = 1;

const styp = box("styp", ascii("msdh"), u32(0), ascii("msdhmsixcmfcisom"));
/** Depends on no other, and no other is a leading one: ISO/IEC 14496-12 §8.8.3.1. */
const keyFlags = 0x02000000;
const deltaFlags = 0x01010000;
/** tfhd: data offsets count from the moof; without it Chrome refuses the fragment (MSE byte stream format ISO BMFF §4). */
const defaultBaseIsMoof = 0x020000;
/** trun: data offset; duration, size, flags and composition offset of each sample. */
const trunFlags = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800;

/** A CMAF media segment of one track: styp, moof, mdat. */
export function writeFragment(fragment: Fragment): Uint8Array {
  const { samples } = fragment;
  const table = new Uint8Array(samples.length * 16);
  const rows = new DataView(table.buffer);
  samples.forEach((sample, i) => {
    rows.setUint32(i * 16, sample.duration);
    rows.setUint32(i * 16 + 4, sample.data.byteLength);
    rows.setUint32(i * 16 + 8, sample.isKey ? keyFlags : deltaFlags);
    rows.setInt32(i * 16 + 12, sample.compositionOffset);
  });
  const moofWith = (dataOffset: number) =>
    box(
      "moof",
      fullBox("mfhd", 0, 0, u32(fragment.sequenceNumber)),
      box(
        "traf",
        fullBox("tfhd", 0, defaultBaseIsMoof, u32(trackId)),
        fullBox("tfdt", 1, 0, u64(fragment.decodeTime)),
        fullBox("trun", 1, trunFlags, u32(samples.length, dataOffset), table),
      ),
    );
  const moofSize = moofWith(0).byteLength;
  let payload = 8;
  for (const sample of samples) payload += sample.data.byteLength;
  return concatBytes([
    styp,
    moofWith(moofSize + 8),
    u32(payload),
    ascii("mdat"),
    ...samples.map((sample) => sample.data),
  ]);
}
