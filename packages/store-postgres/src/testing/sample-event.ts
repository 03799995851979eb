import type { RecordedEvent } from "@playhead/protocol";

export const sampleTime = Date.UTC(2026, 2, 14, 15, 9, 26);

export function sampleEvent(id: string, more: { readonly viewId?: string; readonly ts?: number } = {}): RecordedEvent {
  return {
    appId: "default",
    source: "sdk",
    receivedAt: sampleTime + 100,
    context: { viewId: more.viewId ?? "view" },
    event: { id, seq: 0, type: "play", ts: more.ts ?? sampleTime },
  };
}
