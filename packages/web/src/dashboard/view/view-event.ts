import type { ViewReply } from "@playhead/protocol";

/** One event of a view, as the server gives it: the fields of its type beside the common ones. */
export type ViewEvent = ViewReply["events"][number];

/** What the server itself did for the view, on the server's clock. */
const serverTypes: ReadonlySet<string> = new Set([
  "hls_session_start",
  "hls_session_end",
  "ffmpeg_start",
  "first_segment",
  "segment",
  "transcode_error",
]);

export function isServerEvent(event: ViewEvent): boolean {
  return event.source === "server" || serverTypes.has(event.type);
}

/** A field that should be a number: senders put what they like into an event. */
export function numberOf(event: ViewEvent, field: string): number | undefined {
  const value: unknown = Reflect.get(event, field);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function textOf(event: ViewEvent, field: string): string | undefined {
  const value: unknown = Reflect.get(event, field);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function flagOf(event: ViewEvent, field: string): boolean {
  return Reflect.get(event, field) === true;
}

/** What an event carries beyond what every event has. */
export function rawOf(event: ViewEvent): string {
  return JSON.stringify(event, null, 2);
}
