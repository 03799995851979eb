import type { RecordedEvent, ViewReply, Explanation as WireExplanation } from "@playhead/protocol";
import { type Explanation, explainView } from "@playhead/qoe";

/** Why a view waited, as its reply has it: in whole milliseconds. */
export function explanationsOf(events: readonly RecordedEvent[]): ViewReply["explanations"] {
  if (events.length === 0) return { start: null, stalls: [] };
  const { start, stalls } = explainView(events);
  return { start: start && inWholeMs(start), stalls: stalls.map(inWholeMs) };
}

function inWholeMs(found: Explanation): WireExplanation {
  const { request, bufferMs, ...rest } = found;
  const { at, durationMs, serverMs, networkMs, blockedMs, idleMs } = rest;
  return {
    ...rest,
    ...whole({ at, durationMs, serverMs, networkMs, blockedMs, idleMs }),
    bufferMs: bufferMs && Math.round(bufferMs),
    request: request && {
      kind: request.kind,
      ...(request.rendition === undefined ? {} : { rendition: request.rendition }),
      ...(request.segment === undefined ? {} : { segment: request.segment }),
      ...(request.bytes === undefined ? {} : { bytes: request.bytes }),
      ...whole({ waitMs: request.waitMs, transferMs: request.transferMs }),
      bitsPerSecond: request.bitsPerSecond,
    },
  };
}

function whole<T extends Record<string, number>>(values: T): T {
  return { ...values, ...Object.fromEntries(Object.entries(values).map(([name, ms]) => [name, Math.round(ms)])) };
}
