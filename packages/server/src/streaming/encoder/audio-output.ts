import {
  type AacFormat,
  AdtsSplitter,
  type AudioTranscode,
  aacSampleDescription,
  silentFrame,
  writeFragment,
  writeInit,
} from "@playhead/hls";
import { type EncoderOutput, type Piece, PlanViolation } from "./encoder-output.js";

/** What transcoded audio always is. */
const format: AacFormat = { objectType: 2, sampleRate: 48_000, channels: 2 };
const samplesPerFrame = 1024;
const silence = silentFrame("aac", format.channels, samplesPerFrame) ?? new Uint8Array();

/** The init segment of transcoded audio; no encoder is needed to know it. */
export const audioInit = (): Uint8Array =>
  writeInit({ kind: "audio", timescale: format.sampleRate, sampleDescriptions: aacSampleDescription(format) });

/**
 * Segments of transcoded audio, by counting frames: the plan says with which frame each begins.
 * @param discardFrames frames at the beginning of the run that belong to the time before `startSegment`.
 */
export function audioOutput(rendition: AudioTranscode, startSegment: number, discardFrames: number): EncoderOutput {
  const starts = rendition.frameBoundaries;
  const last = starts.length - 2;
  const splitter = new AdtsSplitter();
  let toDiscard = discardFrames;
  let next = startSegment;
  let frames: Uint8Array[] = [];

  const start = (index: number) => starts[index] ?? 0;
  /** Takes one frame. @returns the segment that it completes. */
  const add = (data: Uint8Array): Piece | undefined => {
    frames.push(data);
    if (start(next) + frames.length < start(next + 1)) return undefined;
    const bytes = writeFragment({
      sequenceNumber: next + 1,
      decodeTime: start(next) * samplesPerFrame,
      samples: frames.map((frame) => ({ data: frame, duration: samplesPerFrame, compositionOffset: 0, isKey: true })),
    });
    frames = [];
    return { type: "segment", index: next++, bytes };
  };

  return {
    push(chunk) {
      const pieces: Piece[] = [];
      for (const frame of splitter.push(chunk)) {
        if (frame.format.sampleRate !== format.sampleRate || frame.format.channels !== format.channels) {
          throw new PlanViolation(`audio of ${frame.format.sampleRate} Hz, ${frame.format.channels} channels`);
        }
        if (toDiscard > 0) {
          toDiscard--;
          continue;
        }
        if (next > last) continue; // sound past the plan's end
        const piece = add(frame.data);
        if (piece !== undefined) pieces.push(piece);
      }
      return pieces;
    },

    end() {
      const pieces: Piece[] = [];
      // The sound ends before the picture does: silence, so that a player has something to play on.
      for (let frame = start(next) + frames.length; frame < start(last + 1); frame++) {
        const piece = add(silence);
        if (piece !== undefined) pieces.push(piece);
      }
      return pieces;
    },
  };
}
