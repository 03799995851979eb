import type { HistogramReply } from "@playhead/protocol";
import { ChartFigure } from "./chart-figure.js";
import { binName, histogramOption } from "./chart-options.js";
import { count, counted, say, share } from "./quantity.js";

/** How the startup times are spread: a median hides a second hump. */
export function StartupHistogram({ reply }: { reply: HistogramReply }) {
  const all = reply.bins.reduce((sum, { views }) => sum + views, 0);
  const quick = reply.bins.reduce((sum, { toMs, views }) => sum + (toMs !== null && toMs <= 1_000 ? views : 0), 0);
  return (
    <ChartFigure
      title="Startup times"
      definition={
        all === 0
          ? "No view started in this range."
          : `${counted(all, "view")} started, ${say(share(quick / all))} of them within a second.`
      }
      label="How many views started in how long. “Show as table” gives the numbers."
      option={(look) => histogramOption(reply, look)}
      drawnFrom={JSON.stringify(reply.bins)}
      columns={[{ name: "Startup" }, { name: "Views", number: true }, { name: "Share", number: true }]}
      rows={reply.bins
        .filter(({ views }) => views > 0)
        .map((bin) => ({
          key: binName(bin),
          cells: [binName(bin), say(count(bin.views)), say(share(bin.views / all))],
        }))}
      {...(all === 0 && { note: "Nothing of this was measured here" })}
    />
  );
}
