import { ascii, box, concatBytes, fullBox, u8, u16, u32, u64 } from "./box-writer.js";
import { trackId } from "./fragment-writer.js";

export interface InitTrack {
  readonly kind: "video" | "audio";
  /** Units per second of tfdt, durations and composition offsets. */
  readonly timescale: number;
  /** The whole `stsd` box, header included. */
  readonly sampleDescriptions: Uint8Array;
  /** Displayed size, px; 0 for audio. */
  readonly width?: number;
  readonly height?: number;
  /** The 36 bytes of tkhd's matrix; default: no rotation. */
  readonly matrix?: Uint8Array;
  /**
   * Composition time that is presented at 0, in `timescale` units: an edit list of one entry says so.
   * 0 writes no edit list.
   */
  readonly mediaTime?: number;
}

const identity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const ftyp = box("ftyp", ascii("iso5"), u32(512), ascii("iso5iso6mp41cmfc"));

/** The init segment of a fragmented MP4 with one track: ftyp, moov. */
export function writeInit(track: InitTrack): Uint8Array {
  const isVideo = track.kind === "video";
  const tkhd = fullBox(
    "tkhd",
    0,
    3, // enabled, in the movie
    u32(0, 0, trackId, 0, 0, 0, 0),
    u16(0, 0, isVideo ? 0 : 0x0100, 0),
    track.matrix ?? identity,
    u32((track.width ?? 0) * 0x10000, (track.height ?? 0) * 0x10000),
  );
  const mediaTime = track.mediaTime ?? 0;
  // Segment duration 0: to the end, as a fragmented file's duration is not known (14496-12 §8.6.6.1).
  const edts = mediaTime === 0 ? [] : [box("edts", fullBox("elst", 1, 0, u32(1), u64(0), u64(mediaTime), u16(1, 0)))];
  const hdlr = fullBox("hdlr", 0, 0, u32(0), ascii(isVideo ? "vide" : "soun"), u32(0, 0, 0), ascii("Playhead"), u8(0));
  const mediaHeader = isVideo ? fullBox("vmhd", 0, 1, u16(0, 0, 0, 0)) : fullBox("smhd", 0, 0, u16(0, 0));
  const stbl = box(
    "stbl",
    track.sampleDescriptions,
    fullBox("stts", 0, 0, u32(0)),
    fullBox("stsc", 0, 0, u32(0)),
    fullBox("stsz", 0, 0, u32(0, 0)),
    fullBox("stco", 0, 0, u32(0)),
  );
  const minf = box("minf", mediaHeader, box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1))), stbl);
  const undetermined = 0x55c4; // "und", packed as ISO 639-2
  const mdia = box("mdia", fullBox("mdhd", 0, 0, u32(0, 0, track.timescale, 0), u16(undetermined, 0)), hdlr, minf);
  const mvhd = fullBox(
    "mvhd",
    0,
    0,
    u32(0, 0, 1000, 0, 0x10000),
    u16(0x0100, 0),
    u32(0, 0),
    identity,
    u32(0, 0, 0, 0, 0, 0, trackId + 1),
  );
  const mvex = box("mvex", fullBox("trex", 0, 0, u32(trackId, 1, 0, 0, 0)));
  return concatBytes([ftyp, box("moov", mvhd, box("trak", tkhd, ...edts, mdia), mvex)]);
}
