import { FragmentSplitter, patchTfdt, type VideoTranscode, writeFragment } from "@playhead/hls";
import { type EncoderOutput, type Piece, PlanViolation } from "./encoder-output.js";

/**
 * Segments of transcoded video: each fragment of ffmpeg is one, and its place in the plan is told by its `tfdt`. That is
 * set to the plan's time exactly, so that the segments of two runs join.
 */
export function videoOutput(rendition: VideoTranscode, startSegment: number): EncoderOutput {
  const { boundaries } = rendition.plan;
  const { frameBoundaries } = rendition;
  const last = boundaries.length - 2;
  const halfFrameS = rendition.frameRate.den / rendition.frameRate.num / 2;
  const splitter = new FragmentSplitter();
  let next = startSegment;
  let timescale = 0;

  return {
    push(chunk) {
      const pieces: Piece[] = [];
      for (const part of splitter.push(chunk)) {
        if (part.type === "init") {
          timescale = part.timescale;
          pieces.push({ type: "init", bytes: part.bytes });
          continue;
        }
        if (next > last) continue; // pictures past the plan's end
        const at = part.decodeTime / part.timescale;
        const planned = boundaries[next] ?? 0;
        // Before the start: ffmpeg sought to an earlier picture.
        if (next === startSegment && at < planned - halfFrameS) continue;
        // The first picture may come up to a frame after the presentation's start, and stays there.
        const tolerance = next === 0 ? 3 * halfFrameS : halfFrameS;
        if (Math.abs(at - planned) > tolerance) {
          throw new PlanViolation(`segment ${next} starts at ${at} s instead of ${planned} s`);
        }
        const isEnd = next === last || at + part.duration / part.timescale >= (boundaries.at(-1) ?? 0) - halfFrameS;
        const pictures = (frameBoundaries[next + 1] ?? 0) - (frameBoundaries[next] ?? 0);
        if (!isEnd && part.sampleCount > pictures) {
          throw new PlanViolation(`segment ${next} has ${part.sampleCount} pictures instead of ${pictures}`);
        }
        if (next > 0) patchTfdt(part.bytes, Math.round(planned * part.timescale));
        pieces.push({ type: "segment", index: next, bytes: part.bytes });
        next++;
      }
      return pieces;
    },

    end() {
      const pieces: Piece[] = [];
      // The picture ends before the sound does: what is left of the plan holds no picture.
      if (timescale === 0) return pieces;
      for (; next <= last; next++) {
        const decodeTime = Math.round((boundaries[next] ?? 0) * timescale);
        const bytes = writeFragment({ sequenceNumber: next + 1, decodeTime, samples: [] });
        pieces.push({ type: "segment", index: next, bytes });
      }
      return pieces;
    },
  };
}
