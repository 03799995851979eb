import type { Rendition, SubtitleRendition } from "@playhead/hls";
import { AppError } from "../../errors.js";
import { publish } from "../channels.js";
import type { Made, Part } from "../encoder/transcoded-rendition.js";
import type { HlsSession } from "../sessions/hls-session.js";

export interface PartRequest {
  readonly session: HlsSession;
  readonly rendition: Rendition | SubtitleRendition;
  readonly part: Part;
  /** Aborts when the client leaves. */
  readonly clientSignal: AbortSignal;
  /** Longest wait, ms. */
  readonly waitMs: number;
  /** Unix ms. */
  readonly now: () => number;
}

export interface MeasuredPart {
  readonly bytes: Uint8Array;
  /** Until it was made, ms; 0 when it was there. */
  readonly waitMs: number;
  /** Reading and packaging, ms. */
  readonly readMs: number;
}

/**
 * Answers one request for a part, keeps its session alive meanwhile, and tells how it went on the channel.
 * @throws {AppError} busy after the longest wait, and whatever `make` throws.
 */
export async function answerPart(
  request: PartRequest,
  make: (signal: AbortSignal) => Promise<Made>,
): Promise<MeasuredPart> {
  const { session, clientSignal, now } = request;
  const tooLong = AbortSignal.timeout(request.waitMs);
  const startedAt = performance.now();
  session.inFlight++;
  try {
    const { bytes, waitMs, cached } = await make(AbortSignal.any([clientSignal, tooLong]));
    session.segments++;
    session.bytes += bytes.byteLength;
    const told = { outcome: "sent", bytes: bytes.byteLength, error: null, startedAt, waitMs, cached } as const;
    return { bytes, ...tell(request, told) };
  } catch (error) {
    if (clientSignal.aborted) {
      tell(request, { outcome: "client_left", bytes: 0, error: null, startedAt });
      throw error;
    }
    const isLate = tooLong.aborted && !(error instanceof AppError);
    const told = isLate ? new AppError("busy", { cause: error, retryAfterS: 5 }) : error;
    tell(request, { outcome: "error", bytes: 0, error: told instanceof AppError ? told.code : "internal", startedAt });
    throw told;
  } finally {
    session.inFlight--;
    session.lastSeenAt = now();
  }
}

interface Outcome {
  readonly outcome: "sent" | "error" | "client_left";
  readonly bytes: number;
  readonly error: string | null;
  readonly startedAt: number;
  /** Absent of a request that failed: it has only waited. */
  readonly waitMs?: number;
  readonly cached?: boolean | null;
}

/** What was not waiting was reading. */
function tell({ session, rendition, part, now }: PartRequest, how: Outcome) {
  const { outcome, bytes, error } = how;
  const tookMs = Math.round(performance.now() - how.startedAt);
  const waitMs = Math.min(tookMs, Math.round(how.waitMs ?? tookMs));
  const readMs = tookMs - waitMs;
  publish("playhead:segment.request", {
    ts: now(),
    hlsSessionId: session.id,
    mediaId: session.mediaId,
    userId: session.userId,
    rendition: rendition.id,
    kind: rendition.kind,
    delivery: rendition.kind === "subtitle" ? "copy" : rendition.mode,
    index: part === "init" ? null : part,
    waitMs,
    readMs,
    bytes,
    cached: how.cached === undefined ? false : how.cached,
    outcome,
    error,
  });
  return { waitMs, readMs };
}
