import {
  type AudioCopy,
  type MediaInfo,
  readAdtsHeader,
  type Sample,
  silentFrame,
  writeFragment,
  writeInit,
} from "@playhead/hls";
import { type EncodedPacket, EncodedPacketSink, type InputAudioTrack } from "mediabunny";
import { fillGaps } from "./fill-gaps.js";
import { frameLengthOf, frameTicks } from "./frame-clock.js";
import { sampleDescriptionOf } from "./sample-description.js";

const metadataOnly = { metadataOnly: true };
/** Packets looked at to learn the length of a frame: over a second of AAC. */
const learnFrom = 64;
/** Both sides of a boundary ask with the same number, so that rounding can neither lose nor double a packet. */
const epsilonS = 1e-6;

export interface AudioCopyTrack {
  readonly init: Uint8Array;
  segment(index: number): Promise<Uint8Array>;
}

export async function openAudioCopy(
  track: InputAudioTrack,
  info: MediaInfo,
  rendition: AudioCopy,
): Promise<AudioCopyTrack> {
  const sink = new EncodedPacketSink(track);
  const { boundaries } = rendition.plan;
  const last = boundaries.length - 2;
  const timescale = await track.getSampleRate();
  const zero = info.startTimeMs / 1000 + (await codecDelayS(track, info));
  const isAdts = await holdsAdts(track);
  const first = await sink.getFirstPacket(metadataOnly);
  if (first === null) throw new Error("The audio track has no packets");
  const frame = frameLengthOf(await firstTimes(sink, first), timescale);
  const anchor = first.timestamp - zero;

  const silence = silentFrame((await track.getCodec()) ?? "", await track.getNumberOfChannels(), frame ?? 0);

  const startOf = (index: number) => (boundaries[index] ?? 0) + zero - epsilonS;
  /** The packets around a boundary: the last one before it, and the first one that starts at it or after. */
  const around = async (index: number) => {
    const before = index === 0 && anchor >= 0 ? null : await sink.getPacket(startOf(index), metadataOnly);
    const after = before === null ? await sink.getFirstPacket() : await sink.getNextPacket(before);
    return { before, after };
  };
  /** The boundary that was found last: looking for it anew would read a Matroska cluster again. */
  let next: (Awaited<ReturnType<typeof around>> & { readonly index: number }) | undefined;

  const description = await sampleDescriptionOf(track);
  return {
    init: writeInit({ kind: "audio", timescale, sampleDescriptions: description.stsd }),
    async segment(index) {
      const { before, after: from } = next?.index === index ? next : await around(index);
      const end = index < last ? startOf(index + 1) : Number.POSITIVE_INFINITY;
      const packets: EncodedPacket[] = [];
      let to = from;
      while (to !== null && to.timestamp <= end) {
        packets.push(to);
        to = await sink.getNextPacket(to);
      }
      next = { index: index + 1, before: packets.at(-1) ?? before, after: to };
      const exact = (of: readonly EncodedPacket[]) =>
        frameTicks(
          of.map((packet) => packet.timestamp - zero),
          timescale,
          frame,
          anchor,
        );
      // Together with the packet after them, which tells how long the last one lasts.
      const ticks = exact(to === null ? packets : [...packets, to]);
      const nextStart = to === null ? undefined : ticks.pop();
      const start = Math.round((boundaries[index] ?? 0) * timescale);
      const placed = fillGaps(ticks, {
        frame: frame ?? Math.max(1, Math.round((packets[0] ?? first).duration * timescale)),
        origin: Math.round(anchor * timescale),
        start,
        end: Math.round((boundaries[index + 1] ?? 0) * timescale),
        previousEnd: before === null ? undefined : (exact([before])[0] ?? 0) + (frame ?? 0),
        nextStart,
        canFill: silence !== undefined && frame !== undefined,
        presentationEnd: Math.round((boundaries.at(-1) ?? 0) * timescale),
      });
      const samples = placed.map(({ packet, duration }): Sample => {
        const data = packet === null ? silence : packets[packet]?.data;
        return {
          data: packet === null || !isAdts ? (data ?? new Uint8Array()) : withoutAdtsHeader(data ?? new Uint8Array()),
          duration,
          compositionOffset: 0,
          isKey: true,
        };
      });
      return writeFragment({ sequenceNumber: index + 1, decodeTime: Math.max(0, placed[0]?.at ?? start), samples });
    },
  };
}

async function firstTimes(sink: EncodedPacketSink, first: EncodedPacket): Promise<number[]> {
  const times: number[] = [];
  for (
    let packet: EncodedPacket | null = first;
    packet !== null && times.length < learnFrom;
    packet = await sink.getNextPacket(packet, metadataOnly)
  ) {
    times.push(packet.timestamp);
  }
  return times;
}

/** AAC out of MPEG-TS comes with ADTS headers, which is told by a missing description. */
async function holdsAdts(track: InputAudioTrack): Promise<boolean> {
  if ((await track.getCodec()) !== "aac") return false;
  const config = await track.getDecoderConfig();
  return config?.description === undefined;
}

function withoutAdtsHeader(data: Uint8Array): Uint8Array {
  const header = readAdtsHeader(data, 0);
  return header === undefined ? data : data.subarray(header.headerLength);
}

/**
 * Matroska's block times of Opus count from before the pre-skip (its CodecDelay), which ffmpeg takes off and Mediabunny
 * leaves on: seconds to take off. An MP4 says the same with its edit list, which both apply.
 */
async function codecDelayS(track: InputAudioTrack, info: MediaInfo): Promise<number> {
  if (info.container !== "matroska" && info.container !== "webm") return 0;
  if ((await track.getCodec()) !== "opus") return 0;
  const description = (await track.getDecoderConfig())?.description;
  if (description === undefined) return 0;
  const head = ArrayBuffer.isView(description)
    ? new DataView(description.buffer, description.byteOffset, description.byteLength)
    : new DataView(description);
  // OpusHead, RFC 7845 §5.1: pre-skip at byte 10, little endian, samples of 48 kHz.
  return head.byteLength < 12 ? 0 : head.getUint16(10, true) / 48_000;
}
