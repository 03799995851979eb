import { EncoderReply, type EncodersNow } from "@playhead/protocol";
import { WORK_SLOT_MS, type WorkStore, workAges } from "@playhead/store";
import type { App } from "../http.js";
import { workFigures } from "./encoder-figures.js";
import { analyticsSchema, parseSelection } from "./query.js";
import { parseInterval, type TimeRange } from "./time-grammar.js";

export interface EncoderRouteDeps {
  readonly work: WorkStore;
  /** What this server does at this moment. */
  readonly present: () => EncodersNow;
  readonly now?: () => number;
}

/** The finest that is still kept of a time, ms. */
const slotAt = (at: number, now: number): number =>
  workAges.findLast(({ olderThanMs }) => at < now - olderThanMs)?.slotMs ?? WORK_SLOT_MS;
const upTo = (slotMs: number, ms: number) => Math.ceil(ms / slotMs) * slotMs;

/** `GET /api/v1/analytics/encoder`: what sessions and encoders did. No view is asked, and so no filter of views applies. */
export function encoderRoute(app: App, { work, present, now = Date.now }: EncoderRouteDeps): void {
  app.get("/api/v1/analytics/encoder", { schema: analyticsSchema(EncoderReply) }, async ({ query }) => {
    const { appId, ...asked } = parseSelection(query, now());
    const slotMs = slotAt(asked.from, now());
    const range: TimeRange = { from: Math.floor(asked.from / slotMs) * slotMs, to: asked.to };
    const intervalMs = upTo(slotMs, parseInterval(query.interval, asked));
    const found = await work.read({ appId, ...range }, intervalMs);
    return { ...range, intervalMs, ...workFigures(found, range, intervalMs), now: present() };
  });
}
