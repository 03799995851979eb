/** AAC frames without a sound in them, by count of channels; as ffmpeg's encoder writes silence, at any sample rate. */
const aac: Readonly<Record<number, string>> = {
  1: "01182007",
  2: "211004608c1c",
  3: "011820010880230460e0",
  5: "011820010880230460231004608c1c",
  6: "011820010880230460231004608c0c230000e0",
};
/** One CELT frame of 20 ms, full band, without a sound (RFC 6716 §3.1); decoders take one of mono in a stereo stream. */
const opus = "f8fffe";
const opusSamples = 960;

/**
 * A coded frame of silence, to stand where a track has no sound.
 * @param codec Mediabunny's and ffmpeg's name: `aac`, `opus`.
 * @param samples of the track's other frames, in its own sample rate.
 * @returns undefined where we know none that fits.
 */
export function silentFrame(codec: string, channels: number, samples: number): Uint8Array | undefined {
  if (codec === "aac") return fromHex(aac[channels]);
  if (codec === "opus" && channels <= 2 && samples === opusSamples) return fromHex(opus);
  return undefined;
}

function fromHex(hex: string | undefined): Uint8Array | undefined {
  if (hex === undefined) return undefined;
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
