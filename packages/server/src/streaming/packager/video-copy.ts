import {
  annexBToLengthPrefixed,
  decodeTimesOf,
  type MediaInfo,
  type Sample,
  type VideoCopy,
  writeFragment,
  writeInit,
} from "@playhead/hls";
import { type EncodedPacket, EncodedPacketSink, type InputVideoTrack } from "mediabunny";
import { sampleDescriptionOf } from "./sample-description.js";

/** Keyframe times come from another reader (ffprobe), rounded to µs, or to ms by the container. */
const keyToleranceS = 0.004;
/** Sound often begins a frame or two before the picture; what is longer is meant. */
const startHoleS = 0.1;
/** Leading pictures of an open GOP follow their keyframe at once; no codec lets more than 16 pictures wait. */
const mostLeading = 16;

/** A video track that is repackaged: everything that its segments have in common. */
export interface VideoCopyTrack {
  readonly init: Uint8Array;
  segment(index: number): Promise<Uint8Array>;
}

export async function openVideoCopy(
  track: InputVideoTrack,
  info: MediaInfo,
  rendition: VideoCopy,
): Promise<VideoCopyTrack> {
  const sink = new EncodedPacketSink(track);
  const { boundaries } = rendition.plan;
  const last = boundaries.length - 2;
  const zero = info.startTimeMs / 1000;
  const timescale = usefulTimescale(await track.getTimeResolution());
  const ticks = (packet: EncodedPacket) => Math.round((packet.timestamp - zero) * timescale);
  const isAnnexB = await holdsAnnexB(track);
  const firstKey = await sink.getFirstKeyPacket({ metadataOnly: true });
  if (firstKey === null) throw new Error("The video track has no keyframe");

  /** The keyframe that starts a segment; null after the last segment. */
  const keyOf = async (index: number): Promise<EncodedPacket | null> => {
    if (index > last) return null;
    const time = (boundaries[index] ?? 0) + zero;
    return (index === 0 ? null : await sink.getKeyPacket(time + keyToleranceS)) ?? (await sink.getFirstKeyPacket());
  };
  /** The keyframe that was found last: looking for it anew would read a Matroska cluster again. */
  let next: { readonly index: number; readonly key: EncodedPacket | null } | undefined;

  const delay = Math.ceil((await reorderDelayS(sink, firstKey, info, rendition)) * timescale);
  const description = await sampleDescriptionOf(track);
  const init = writeInit({
    kind: "video",
    timescale,
    sampleDescriptions: description.stsd,
    matrix: description.matrix,
    width: await track.getSquarePixelWidth(),
    height: await track.getSquarePixelHeight(),
    mediaTime: delay,
  });

  return {
    init,
    async segment(index) {
      const from = next?.index === index ? next.key : await keyOf(index);
      const to = await keyOf(index + 1);
      next = { index: index + 1, key: to };
      const packets: EncodedPacket[] = [];
      if (from !== null && from.sequenceNumber !== to?.sequenceNumber) {
        for await (const packet of sink.packets(from, to ?? undefined)) packets.push(packet);
      }
      const times = packets.map(ticks);
      // A first picture that comes a moment after the sound is shown from the start: hls.js jumps over a hole there.
      if (index === 0 && Math.min(...times) === times[0] && times[0] < startHoleS * timescale) times[0] = 0;
      // Segment 0 starts at the plan's zero even where the first picture comes later.
      const start = index === 0 || from === null ? Math.round((boundaries[index] ?? 0) * timescale) : ticks(from);
      const lastTime = Math.max(
        start,
        ...times.map((time, i) => time + Math.round((packets[i]?.duration ?? 0) * timescale)),
      );
      const end = to === null ? lastTime : ticks(to);
      const { decodeTimes, compositionOffsets } = decodeTimesOf(times, start, end, delay);
      const samples = packets.map((packet, i): Sample => {
        const at = decodeTimes[i] ?? start;
        return {
          data: isAnnexB ? annexBToLengthPrefixed(packet.data) : packet.data,
          duration: Math.max(0, (decodeTimes[i + 1] ?? end) - at),
          compositionOffset: compositionOffsets[i] ?? 0,
          isKey: packet.type === "key",
        };
      });
      return writeFragment({ sequenceNumber: index + 1, decodeTime: decodeTimes[0] ?? start, samples });
    },
  };
}

/** A timescale that holds the container's times exactly, where it can. 90 kHz holds ms and the usual frame rates. */
function usefulTimescale(resolution: number): number {
  const usual = 90_000;
  if (!Number.isInteger(resolution) || resolution <= 0 || usual % resolution === 0) return usual;
  return resolution >= 10_000 && resolution <= 1_000_000 ? resolution : usual;
}

/** H.264 and HEVC out of MPEG-TS come with start codes, which is told by a missing description. */
async function holdsAnnexB(track: InputVideoTrack): Promise<boolean> {
  const codec = await track.getCodec();
  if (codec !== "avc" && codec !== "hevc") return false;
  const config = await track.getDecoderConfig();
  return config?.description === undefined;
}

/**
 * How late a picture may be presented after the decode time that `decodeTimesOf` gives it, seconds: what the stream
 * says of itself, or what its first pictures show, whichever is more.
 */
async function reorderDelayS(
  sink: EncodedPacketSink,
  firstKey: EncodedPacket,
  info: MediaInfo,
  rendition: VideoCopy,
): Promise<number> {
  const stream = info.video.find((candidate) => candidate.index === rendition.streamIndex);
  const times: number[] = [];
  const options = { metadataOnly: true };
  for (
    let packet: EncodedPacket | null = firstKey;
    packet !== null && times.length < 4 * mostLeading;
    packet = await sink.getNextPacket(packet, options)
  ) {
    times.push(packet.timestamp);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const measured = Math.max(0, ...times.map((time, i) => (sorted[i] ?? time) - time));
  const depth = stream?.reorderDepth ?? 0;
  if (depth === 0 && measured === 0) return 0;
  const longest = Math.max(0, ...sorted.slice(1).map((time, i) => time - (sorted[i] ?? time)));
  const rate = rendition.frameRate ?? stream?.frameRate ?? null;
  const frame = stream?.variableFrameRate || rate === null ? longest : rate.den / rate.num;
  return Math.max(measured, depth * frame);
}
