import type { EventOf, RecordedEvent } from "@playhead/protocol";
import { errorFingerprint } from "./error-fingerprint.js";
import type { Timeline } from "./timeline.js";

export interface Failures {
  readonly errorCount: number;
  /** Code of the fatal error that stood; else of the last fatal one, else of the last one. */
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** The same for each occurrence of this error, whatever numbers and addresses its message tells. */
  readonly errorFingerprint: string | null;
  /** The viewer is simply not allowed: counted apart from technical failures. */
  readonly businessError: boolean;
}

/**
 * Errors of a view. Which of them decided it is told by the timeline: a fatal error that playback did not survive. It is a start
 * failure (VSF) before the first frame and a playback failure (VPF) after it; see `exit.ts`.
 * Source: CTA-2066 "video start failure", "video playback failure".
 */
export function failures(timeline: Timeline, player: readonly RecordedEvent[]): Failures {
  let errorCount = 0;
  let last: EventOf<"error"> | undefined;
  let lastFatal: EventOf<"error"> | undefined;
  for (const { event } of player) {
    if (event.type !== "error") continue;
    errorCount += 1;
    last = event;
    if (event.fatal) lastFatal = event;
  }
  const standing = timeline.failure?.type === "error" ? timeline.failure : undefined;
  const told = standing ?? lastFatal ?? last;
  return {
    errorCount,
    errorCode: told?.code ?? null,
    errorMessage: told?.message ?? null,
    errorFingerprint: told === undefined ? null : errorFingerprint(told.code, told.message ?? null),
    businessError: standing?.business === true,
  };
}
