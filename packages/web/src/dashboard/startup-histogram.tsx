import type { HistogramReply } from "@playhead/protocol";
import { Chart } from "./chart.js";
import { binName, histogramOption } from "./chart-options.js";
import { count, counted, say, share } from "./quantity.js";

/** How the startup times are spread: a median hides a second hump. */
export function StartupHistogram({ reply }: { reply: HistogramReply }) {
  const all = reply.bins.reduce((sum, { views }) => sum + views, 0);
  const quick = reply.bins.reduce((sum, { toMs, views }) => sum + (toMs !== null && toMs <= 1_000 ? views : 0), 0);
  return (
    <figure class="figure">
      <figcaption class="figure-head">
        <h2 class="title-face">Startup times</h2>
      </figcaption>
      <p class="figure-definition">
        {all === 0
          ? "No view started in this range."
          : `${counted(all, "view")} started, ${say(share(quick / all))} of them within a second.`}
      </p>
      <Chart
        label="How many views started in how long. The table below has the numbers."
        option={(look) => histogramOption(reply, look)}
        drawnFrom={JSON.stringify(reply.bins)}
        {...(all === 0 && { note: "Nothing of this was measured here" })}
      />
      <details class="figure-table">
        <summary>The numbers</summary>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Startup</th>
              <th scope="col" data-number>
                Views
              </th>
              <th scope="col" data-number>
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            {reply.bins
              .filter(({ views }) => views > 0)
              .map((bin) => (
                <tr key={bin.fromMs}>
                  <th scope="row">{binName(bin)}</th>
                  <td data-number>{say(count(bin.views))}</td>
                  <td data-number>{say(share(bin.views / all))}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
