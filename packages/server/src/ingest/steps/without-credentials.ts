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

/** The URL with `…` in the place of each credential. */
export const scrubUrl = (url: string): string => url.replace(USER_INFO, "$1").replace(SECRET, "$1…");

function cleanEvent(record: RecordedEvent): RecordedEvent {
  const { event } = record;
  if ((event.type !== "load" && event.type !== "request") || event.url === undefined) return record;
  const url = scrubUrl(event.url);
  return url === event.url ? record : { ...record, event: { ...event, url } };
}

function cleanContext(record: RecordedEvent): RecordedEvent {
  const { stream } = record.context;
  if (stream?.url === undefined) return record;
  const url = scrubUrl(stream.url);
  if (url === stream.url) return record;
  const context: Context = { ...record.context, stream: { ...stream, url } };
  return { ...record, context };
}
