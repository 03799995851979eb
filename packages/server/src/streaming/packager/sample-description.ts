import { findBox } from "@playhead/hls";
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  type InputAudioTrack,
  type InputVideoTrack,
  Mp4OutputFormat,
  Output,
} from "mediabunny";

export interface SampleDescription {
  /** The whole `stsd` box: avcC, hvcC, vpcC, av1C, esds, dOps, dac3, dec3 or dfLa in its sample entry. */
  readonly stsd: Uint8Array;
  /** tkhd's matrix, 36 bytes: how the picture is rotated. */
  readonly matrix: Uint8Array;
}

/** Lets Mediabunny's own muxer write the first packet, and takes the track's description out of its moov box. */
export async function sampleDescriptionOf(track: InputVideoTrack | InputAudioTrack): Promise<SampleDescription> {
  const packet = await new EncodedPacketSink(track).getFirstKeyPacket();
  if (packet === null) throw new Error("The track has no key packet");
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: "fragmented" }), target });
  if (track.isVideoTrack()) {
    const codec = await track.getCodec();
    const decoderConfig = await track.getDecoderConfig();
    if (codec === null || decoderConfig === null) throw new Error("The video codec is not known to the packager");
    const source = new EncodedVideoPacketSource(codec);
    output.addVideoTrack(source, { rotation: await track.getRotation() });
    await output.start();
    await source.add(packet.clone({ timestamp: 0 }), { decoderConfig });
  } else if (track.isAudioTrack()) {
    const codec = await track.getCodec();
    const decoderConfig = await track.getDecoderConfig();
    if (codec === null || decoderConfig === null) throw new Error("The audio codec is not known to the packager");
    const source = new EncodedAudioPacketSource(codec);
    output.addAudioTrack(source);
    await output.start();
    await source.add(packet.clone({ timestamp: 0 }), { decoderConfig });
  }
  await output.finalize();
  const bytes = new Uint8Array(target.buffer ?? new ArrayBuffer(0));
  const stsd = findBox(bytes, ["moov", "trak", "mdia", "minf", "stbl", "stsd"]);
  const tkhd = findBox(bytes, ["moov", "trak", "tkhd"]);
  if (stsd === undefined || tkhd === undefined) throw new Error("The packager wrote no track header");
  // The matrix and the two sizes of 4 bytes end a tkhd box of either version.
  return { stsd: bytes.slice(stsd.start, stsd.end), matrix: bytes.slice(tkhd.end - 44, tkhd.end - 8) };
}
