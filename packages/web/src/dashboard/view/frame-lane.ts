import { numberOf, type ViewEvent } from "./view-event.js";

/** What was decoded between two samples. Times are ms from the view's start; what was not told is undefined, never 0. */
export interface FrameSpan {
  readonly from: number;
  readonly to: number;
  readonly fps: number | undefined;
  readonly dropped: number | undefined;
  readonly decoded: number | undefined;
}

/** Players count frames from the view's start on: a span holds what came since the sample before. */
export function frameSpans(player: readonly ViewEvent[], zero: number): readonly FrameSpan[] {
  const spans: FrameSpan[] = [];
  let before: { at: number; dropped: number | undefined; decoded: number | undefined } | undefined;
  for (const event of player) {
    const dropped = numberOf(event, "droppedFrames");
    const decoded = numberOf(event, "decodedFrames");
    const fps = numberOf(event, "fps");
    if (dropped === undefined && decoded === undefined && fps === undefined) continue;
    const at = event.ts - zero;
    if (before && at > before.at) {
      spans.push({
        from: before.at,
        to: at,
        fps,
        dropped: since(dropped, before.dropped),
        decoded: since(decoded, before.decoded),
      });
    }
    before = { at, dropped: dropped ?? before?.dropped, decoded: decoded ?? before?.decoded };
  }
  return spans;
}

/** A counter that fell began anew: the element got another source. */
function since(now: number | undefined, before: number | undefined): number | undefined {
  if (now === undefined) return undefined;
  return before === undefined || now < before ? now : now - before;
}
