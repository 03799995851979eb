import { publish } from "../channels.js";
import type { EndReason, HlsSession } from "./hls-session.js";

/** A session has just been opened. @param ts Unix ms. @param tookMs to plan and open it. */
export function tellStart(session: HlsSession, ts: number, tookMs: number): void {
  const { id: hlsSessionId, mediaId, userId, delivery, positionMs, isWarmUp: preload } = session;
  const facts = { ...filmOf(session.item), tookMs: Math.round(tookMs), positionMs, preload };
  publish("playhead:hls.session.start", { ts, hlsSessionId, mediaId, userId, delivery, ...facts });
}

/** @param ts Unix ms. */
export function tellEnd(session: HlsSession, reason: EndReason, ts: number): void {
  const { id: hlsSessionId, mediaId, userId, delivery, segments, bytes } = session;
  const durationMs = ts - session.startedAt;
  const counts = { durationMs, segments, bytes };
  publish("playhead:hls.session.end", { ts, hlsSessionId, mediaId, userId, reason, delivery, ...counts });
}

/** What film is played, coarsely: its container, and its first picture's codec. */
export function filmOf({ info }: Pick<HlsSession["item"], "info">): {
  readonly container: string;
  readonly codec: string;
} {
  return { container: info?.container ?? "unknown", codec: info?.video[0]?.codec ?? "unknown" };
}
