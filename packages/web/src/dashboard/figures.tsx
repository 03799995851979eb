import type { Totals } from "@playhead/protocol";
import { Amount } from "./amount.js";
import { DefinedButton } from "./definition.js";
import { details, headlines, type Metric, type MetricId } from "./metrics.js";
import { counted, milliseconds, type Quantity, say } from "./quantity.js";

export interface FiguresProps {
  readonly totals: Totals;
  /** The same over the stretch before. */
  readonly before: Totals | undefined;
  readonly chosen: MetricId;
  readonly onChoose: (id: MetricId) => void;
}

/** The figures of the range. Each one is the switch for the chart below; the marker stands over the one that is shown. */
export function Figures({ totals, before, chosen, onChoose }: FiguresProps) {
  return (
    <div class="figures" role="group" aria-label="Figures; choose one for the chart">
      <div class="headlines">
        {headlines.map((metric) => (
          <DefinedButton
            key={metric.id}
            class="headline"
            pressed={metric.id === chosen}
            definition={metric.definition}
            onClick={() => onChoose(metric.id)}
          >
            <span class="label">{metric.name}</span>
            <Headline metric={metric} totals={totals} before={before} />
          </DefinedButton>
        ))}
      </div>
      <div class="details">
        {details.map((metric) => (
          <DefinedButton
            key={metric.id}
            class="detail"
            pressed={metric.id === chosen}
            definition={metric.definition}
            onClick={() => onChoose(metric.id)}
          >
            <span class="label">{metric.name}</span>
            <span class="detail-figure">
              <Amount of={shown(metric, totals)} />
            </span>
          </DefinedButton>
        ))}
      </div>
    </div>
  );
}

function Headline({ metric, totals, before }: { metric: Metric; totals: Totals; before: Totals | undefined }) {
  if (metric.id === "startup") {
    return (
      <>
        <span class="headline-pair">
          <span class="headline-figure title-face">
            <Amount of={milliseconds(totals.startupP50Ms)} />
            <span class="headline-rank mono">p50</span>
          </span>
          <span class="headline-figure title-face" data-second>
            <Amount of={milliseconds(totals.startupP95Ms)} />
            <span class="headline-rank mono">p95</span>
          </span>
        </span>
        <Before metric={metric} totals={totals} before={before} />
      </>
    );
  }
  return (
    <>
      <span class="headline-figure title-face">
        <Amount of={shown(metric, totals)} />
      </span>
      {metric.beside && <span class="headline-beside">{metric.beside(totals)}</span>}
      <Before metric={metric} totals={totals} before={before} />
    </>
  );
}

/** Of so many views before, nothing is called better or worse than them. */
const FEW_VIEWS = 20;

/** What it was before, and whether this is better: in a word and an arrow, not in colour alone. */
function Before({ metric, totals, before }: { metric: Metric; totals: Totals; before: Totals | undefined }) {
  if (!before || before.views === 0) return null;
  const then = metric.value(before);
  const now = metric.value(totals);
  if (then === null || now === null) return null;
  if (metric.better && before.views < FEW_VIEWS) {
    return (
      <span class="headline-before mono" data-tone="plain">
        {say(metric.show(then))} before, of {counted(before.views, "view")} alone
      </span>
    );
  }
  const way = now > then ? "up" : now < then ? "down" : "same";
  const tone =
    way === "same" || !metric.better ? "plain" : (metric.better === "less") === (way === "down") ? "good" : "bad";
  const arrows = { up: "↑", down: "↓", same: "=" } as const;
  const words = { up: "more than", down: "less than", same: "the same as" } as const;
  return (
    <span class="headline-before mono" data-tone={tone}>
      <span aria-hidden="true">{arrows[way]}</span>
      <span class="visually-hidden">{words[way]} </span> {say(metric.show(then))} before
    </span>
  );
}

function shown(metric: Metric, totals: Totals): Quantity {
  return metric.show(metric.value(totals));
}
