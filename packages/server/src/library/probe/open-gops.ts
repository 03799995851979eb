import { EncodedPacketSink, type Input } from "mediabunny";

/** A film is encoded in one way from beginning to end: these many keyframes tell. */
const LOOKED_AT = 16;

/**
 * Whether pictures that are shown before a keyframe follow it in the file (open GOP): they refer to what lies before
 * the keyframe, so that a decoder that begins there can't decode them. Told by the times of the packets alone.
 */
export async function hasOpenGops(input: Input, keyframes: readonly number[]): Promise<boolean> {
  const [track] = await input.getVideoTracks();
  if (track === undefined) return false;
  const sink = new EncodedPacketSink(track);
  const options = { metadataOnly: true };
  // Before the first keyframe lies nothing to refer to.
  const step = Math.max(1, Math.floor((keyframes.length - 1) / LOOKED_AT));
  for (let i = 1; i < keyframes.length; i += step) {
    const key = await sink.getKeyPacket((keyframes[i] ?? 0) + HALF_MS, options);
    const next = key && (await sink.getNextPacket(key, options));
    if (key && next && next.timestamp < key.timestamp) return true;
  }
  return false;
}

/** The told time and the packet's may differ in the last digit. */
const HALF_MS = 0.0005;
