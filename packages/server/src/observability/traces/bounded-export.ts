import { ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";

/** Spans by what became of them since the start. */
export type SpanCounts = Record<"sent" | "failed" | "dropped", number>;

/** OpenTelemetry's processor drops what it has no room for without a count that one could read: so it never gets so much. */
export function boundedProcessor(inner: SpanProcessor, maxWaiting: number, counts: SpanCounts): SpanProcessor {
  let ended = 0;
  return {
    onStart: (span, parent) => inner.onStart(span, parent),
    onEnd(span) {
      if (ended - counts.sent - counts.failed >= maxWaiting) {
        counts.dropped += 1;
        return;
      }
      ended += 1;
      inner.onEnd(span);
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
  };
}

/** Counts what an exporter sent, and what it gave up. @param onResult whether it could be sent; must not throw */
export function countedExporter(
  inner: SpanExporter,
  counts: SpanCounts,
  onResult: (isSent: boolean, error: Error | undefined) => void,
): SpanExporter {
  return {
    export(spans: ReadableSpan[], done) {
      inner.export(spans, (result) => {
        const isSent = result.code === ExportResultCode.SUCCESS;
        counts[isSent ? "sent" : "failed"] += spans.length;
        onResult(isSent, result.error);
        done(result);
      });
    },
    shutdown: () => inner.shutdown(),
    ...(inner.forceFlush && { forceFlush: () => inner.forceFlush?.() ?? Promise.resolve() }),
  };
}
