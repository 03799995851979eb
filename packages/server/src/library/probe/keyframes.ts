import type { VideoStream } from "@playhead/hls";
import { EncodedPacketSink, type Input } from "mediabunny";
import { type FfprobeOptions, ffprobeText, inputArgs } from "./ffprobe.js";
import { seconds } from "./ffprobe-report.js";
import { matroskaCues } from "./matroska-cues.js";

/** A list with longer gaps than this on average was made for coarse seeking: the file itself knows more points. */
const MAX_MEAN_GAP_S = 10;
const SAME_S = 0.0005;

/**
 * Presentation times in seconds (file time, ascending) of the points of the first video track where decoding can
 * begin, read without decoding. MP4: its tables. Matroska: its cues, where it has them. Else ffprobe's walk over the
 * packets: it is four times as fast as Mediabunny's, and outside of this process. What others tell is checked against
 * the packager's own view, which must find a keyframe at the very time. Null when nothing is found.
 */
export async function keyframesByPackager(
  input: Input,
  options: FfprobeOptions,
  stream: VideoStream,
  durationS: number,
): Promise<readonly number[] | null> {
  const [track] = await input.getVideoTracks();
  if (track === undefined) return null;
  const sink = new EncodedPacketSink(track);
  const format = (await input.getFormat()).name;
  if (/matroska|webm/i.test(format)) {
    const cues = await matroskaCues(options.file);
    if (cues !== null && durationS / cues.length <= MAX_MEAN_GAP_S) {
      const checked = await checkedBy(sink, cues);
      if (checked !== null) return checked;
    }
  }
  if (/matroska|webm|transport/i.test(format)) {
    const flagged = await keyframesByFfprobe(options, stream.index);
    const checked = flagged === null ? null : await checkedBy(sink, flagged);
    if (checked !== null) return checked;
  }
  return await walkKeyPackets(sink);
}

/** The times, with the first keyframe in front; null when one of the probed ones is no keyframe. */
async function checkedBy(sink: EncodedPacketSink, times: readonly number[]): Promise<readonly number[] | null> {
  const first = await sink.getFirstKeyPacket({ metadataOnly: true });
  if (first === null) return null;
  for (const at of new Set([0, Math.floor(times.length / 2), times.length - 1])) {
    const time = times[at];
    if (time === undefined) return null;
    // Half a millisecond on: the told time and the packet's may differ in the last digit.
    const packet = await sink.getKeyPacket(time + SAME_S, { metadataOnly: true });
    if (packet === null || Math.abs(packet.timestamp - time) > SAME_S) return null;
  }
  return [first.timestamp, ...times.filter((time) => time > first.timestamp + SAME_S)];
}

async function walkKeyPackets(sink: EncodedPacketSink): Promise<readonly number[] | null> {
  const times: number[] = [];
  let packet = await sink.getFirstKeyPacket({ metadataOnly: true });
  while (packet !== null) {
    times.push(packet.timestamp);
    packet = await sink.getNextKeyPacket(packet, { metadataOnly: true });
  }
  return times.length === 0 ? null : ascending(times);
}

/**
 * The same from the flags of the container's packets. Null where a keyframe carries no presentation time (AVI): a guess
 * would be wrong by the length of its reordering, and a plan needs exact times or none.
 */
export async function keyframesByFfprobe(
  options: FfprobeOptions,
  streamIndex: number,
): Promise<readonly number[] | null> {
  const packets = await ffprobeText(options, [
    "-select_streams",
    String(streamIndex),
    "-show_entries",
    "packet=pts_time,flags",
    "-of",
    "csv=p=0",
    ...inputArgs(options.file),
  ]);
  const times: number[] = [];
  for (const line of packets.split("\n")) {
    const [pts, flags] = line.split(",");
    if (!flags?.startsWith("K")) continue;
    const time = seconds(pts);
    if (time === null) return null;
    times.push(time);
  }
  return times.length === 0 ? null : ascending(times);
}

/** End of the last packet of any stream, file time, seconds; null when no packet tells a time. Reads the whole file. */
export async function endByFfprobe(options: FfprobeOptions): Promise<number | null> {
  const packets = await ffprobeText(options, [
    "-show_entries",
    "packet=pts_time,dts_time,duration_time",
    "-of",
    "csv=p=0",
    ...inputArgs(options.file),
  ]);
  let end: number | null = null;
  for (const line of packets.split("\n")) {
    const [pts, dts, duration] = line.split(",").map(seconds);
    const time = pts ?? dts ?? null;
    if (time !== null) end = Math.max(end ?? Number.NEGATIVE_INFINITY, time + (duration ?? 0));
  }
  return end;
}

const ascending = (times: readonly number[]): readonly number[] => [...new Set(times)].toSorted((a, b) => a - b);
