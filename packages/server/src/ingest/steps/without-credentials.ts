import type { Context, RecordedEvent } from "@playhead/protocol";
import type { Step } from "../pipeline.js";

/** Query parameters that open something: keys, tokens and the signatures of CDNs. */
const SECRET =
  /([?&;](?:[a-z_-]*(?:key|token|signature|password|secret|credential)|sig|auth|policy|hdnts|hdnea|jwt)=)[^&;#]*/gi;
/** `user:password@` before the host. */
const USER_INFO = /^([a-z][a-z\d+.-]*:\/\/)[^/?#@]*@/i;

/** A URL of the media may carry the right to fetch it, and a dashboard shows URLs to others: its credentials stay out. */
export const withoutCredentials: Step = {
  name: "without credentials",
  run(record) {
    return cleanContext(cleanEvent(record));
  },
};

/** The signature of a playback link, where it is a segment of the path: after an expiry, of a film's or a session's address. */
const LINK_SIGNATURE = /(~\d{1,11}~)[\w-]{43}(?=~|%7E|\/|$)/gi;

/** The URL with `…` in the place of each credential. */
export const scrubUrl = (url: string): string =>
  url.replace(USER_INFO, "$1").replace(SECRET, "$1…").replace(LINK_SIGNATURE, "$1…");

function cleanEvent(record: RecordedEvent): RecordedEvent {
  const { event } = cleanExtra(record);
  if ((event.type !== "load" && event.type !== "request") || event.url === undefined)
    return event === record.event ? record : { ...record, event };
  const url = scrubUrl(event.url);
  return url === event.url && event === record.event ? record : { ...record, event: { ...event, url } };
}

/** What CMCD says of addresses, where it has no field of ours: of the next objects, and of what is too long for one. */
function cleanExtra(record: RecordedEvent): RecordedEvent {
  const { source, event } = record;
  if ((source !== "cmcd" && source !== "cmcd-request") || !("extra" in event) || typeof event.extra !== "object")
    return record;
  const { extra } = event;
  const cleaned = Object.fromEntries(
    Object.entries(extra ?? {}).map(([key, value]) => [key, key === "nor" || key === "url" ? scrubAll(value) : value]),
  );
  return { ...record, event: Object.assign({}, event, { extra: cleaned }) };
}

/** Addresses within whatever shape a structured field has. */
function scrubAll(value: unknown): unknown {
  if (typeof value === "string") return scrubUrl(value);
  if (Array.isArray(value)) return value.map(scrubAll);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scrubAll(inner)]));
}

function cleanContext(record: RecordedEvent): RecordedEvent {
  const { stream } = record.context;
  if (stream?.url === undefined) return record;
  const url = scrubUrl(stream.url);
  if (url === stream.url) return record;
  const context: Context = { ...record.context, stream: { ...stream, url } };
  return { ...record, context };
}
