import type { ExperimentsReply, Variant, VariantMetric } from "@playhead/protocol";
import { loadExperiments } from "../analytics.js";
import { Answered, CALM_MS } from "../answered.js";
import { useLive } from "../live.js";
import { createMemory, usePanel } from "../panel.js";
import { usePulse } from "../pulse.js";
import { bitrate, count, counted, decimal, milliseconds, type Quantity, say, share } from "../quantity.js";
import type { DashboardPageProps } from "../tabs.js";
import { apiQuery } from "../url-state.js";
import { Interval } from "./interval.js";

type Experiment = ExperimentsReply["experiments"][number];

const memory = createMemory<ExperimentsReply>();

interface Compared {
  readonly id: string;
  readonly name: string;
  readonly definition: string;
  /** `finer`: so many decimals more than usual, where that tells bounds apart. */
  readonly show: (value: number | null, finer?: number) => Quantity;
}

const score: Compared["show"] = (value, finer = 0) => decimal(value, 1 + finer);
const hundredths: Compared["show"] = (value, finer = 0) => decimal(value, 2 + finer);
const plain =
  (show: (value: number | null) => Quantity): Compared["show"] =>
  (value) =>
    show(value);

const compared: readonly Compared[] = [
  { id: "startupMs", name: "Startup", definition: "The mean time to the first frame.", show: plain(milliseconds) },
  { id: "startFailureRate", name: "Failed to start", definition: "Of all that were meant to play.", show: share },
  { id: "exitBeforeStartRate", name: "Left before start", definition: "Of all that were meant to play.", show: share },
  { id: "playbackFailureRate", name: "Failed playing", definition: "Of all that started.", show: share },
  { id: "rebufferRatio", name: "Rebuffer ratio", definition: "Time stalled, of all watch time.", show: share },
  {
    id: "rebufferFrequencyPerMinute",
    name: "Stalls a minute",
    definition: "Of watch time.",
    show: hundredths,
  },
  { id: "averageBitrateBps", name: "Bitrate", definition: "What was shown, weighted by time.", show: plain(bitrate) },
  { id: "droppedFrameRatio", name: "Dropped frames", definition: "Of all frames.", show: share },
  { id: "watchMs", name: "Watch time", definition: "For each view.", show: plain(milliseconds) },
  { id: "mos", name: "Mean opinion", definition: "1 to 5, estimated.", show: hundredths },
  { id: "startupScore", name: "Startup score", definition: "0 to 100.", show: score },
  { id: "smoothnessScore", name: "Smoothness score", definition: "0 to 100.", show: score },
  { id: "qualityScore", name: "Picture score", definition: "0 to 100.", show: score },
  { id: "successScore", name: "Success score", definition: "0 to 100.", show: score },
  { id: "seedScore", name: "Seed score", definition: "0 to 100.", show: score },
];

/** `/dashboard/experiments`: variants side by side; a difference is only called one when enough viewers say so. */
export function ExperimentsPage(page: DashboardPageProps) {
  useLive();
  const { state, onState } = page;
  const calm = usePulse(CALM_MS);
  const key = apiQuery(state).toString();
  const panel = usePanel(memory, key, calm, (signal) => loadExperiments(state, signal));
  return (
    <Answered panel={panel} state={state} onState={onState} isEmpty={() => false}>
      {(reply) =>
        reply.experiments.length === 0 ? (
          <HowTo />
        ) : (
          reply.experiments.map((experiment) => (
            <Comparison key={experiment.experiment} experiment={experiment} confidence={reply.confidence} />
          ))
        )
      }
    </Answered>
  );
}

function HowTo() {
  return (
    <section class="void">
      <h2 class="title-face">No experiment in this range</h2>
      <p>
        Name one where the SDK is attached, and its variants are compared here:{" "}
        <code class="mono">
          attach(video, &#123; experiment: &#123; name: "start-level", variant: "low" &#125; &#125;)
        </code>
        .
      </p>
    </section>
  );
}

function Comparison({ experiment, confidence }: { experiment: Experiment; confidence: number }) {
  const { variants, control } = experiment;
  const first = variants.find(({ variant }) => variant === control);
  const others = variants.filter((variant) => variant !== first);
  const shown = compared.filter(({ id }) => variants.some(({ metrics }) => metrics[id]));
  return (
    <section class="breakdown experiment" aria-label={experiment.experiment}>
      <header class="breakdown-head">
        <h2 class="title-face">{experiment.experiment}</h2>
        <p class="now-count">
          Bounds hold in {say(count(100 * confidence, "%"))} of such comparisons. Viewers are compared, not views.
        </p>
      </header>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label={`${experiment.experiment}, variants side by side`}
      >
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              {first && <Head variant={first} isControl />}
              {others.map((variant) => (
                <Head key={variant.variant} variant={variant} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((metric) => (
              <tr key={metric.id}>
                <th scope="row" title={metric.definition}>
                  {metric.name} <span class="row-note">{metric.definition}</span>
                </th>
                {[...(first ? [first] : []), ...others].map((variant) => (
                  <Cell
                    key={variant.variant}
                    metric={metric}
                    measured={variant.metrics[metric.id] ?? null}
                    scale={scaleOf(metric, variants)}
                    finer={finerOf(metric, variants)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Head({ variant, isControl = false }: { variant: Variant; isControl?: boolean }) {
  return (
    <th scope="col">
      {variant.variant}
      {isControl && " (control)"}
      <span class="row-note">
        {counted(variant.viewers, "viewer")}, {counted(variant.views, "view")}
      </span>
    </th>
  );
}

/** From the lowest bound of all variants to the highest: so that intervals of one row can be held against each other. */
function scaleOf({ id }: Compared, variants: readonly Variant[]): readonly [number, number] {
  const all = variants.flatMap(({ metrics }) => {
    const measured = metrics[id];
    return measured ? [measured.low ?? measured.value, measured.high ?? measured.value] : [];
  });
  return [Math.min(...all), Math.max(...all)];
}

const MOST_FINER = 3;

/** How many decimals more tell the bounds of each variant apart. */
function finerOf({ id, show }: Compared, variants: readonly Variant[]): number {
  const isTold = (finer: number) =>
    variants.every(({ metrics }) => {
      const { low, high } = metrics[id] ?? { low: null, high: null };
      return low === high || say(show(low, finer)) !== say(show(high, finer));
    });
  return Array.from({ length: MOST_FINER }, (_, finer) => finer).find(isTold) ?? MOST_FINER;
}

interface CellProps {
  readonly metric: Compared;
  readonly measured: VariantMetric | null;
  readonly scale: readonly [number, number];
  readonly finer: number;
}

function Cell({ metric, measured, scale, finer }: CellProps) {
  if (!measured) return <td class="variant">–</td>;
  const { value, low, high, against } = measured;
  const bounds =
    low === null || high === null ? "" : `${say(metric.show(low, finer))} to ${say(metric.show(high, finer))}`;
  return (
    <td class="variant">
      <b>{say(metric.show(value, finer))}</b>
      <Interval value={value} low={low} high={high} scale={scale} tone={toneOf(against)} />
      <span class="row-note">{bounds || "one viewer alone speaks for it"}</span>
      {against && (
        <span class="verdict" data-tone={toneOf(against)}>
          {verdict(metric, against)}
        </span>
      )}
    </td>
  );
}

type Against = NonNullable<VariantMetric["against"]>;

const toneOf = (against: Against | null) =>
  against === null || against.tooFew || against.verdict === "unclear"
    ? "plain"
    : against.verdict === "better"
      ? "good"
      : "bad";

function verdict(metric: Compared, { difference, relative, tooFew, verdict: found }: Against): string {
  if (tooFew) return "not enough viewers yet";
  const sign = difference > 0 ? "+" : difference < 0 ? "−" : "";
  const size = say(relative === null ? metric.show(Math.abs(difference)) : share(Math.abs(relative)));
  // Of what is too small to show, the sign says nothing.
  return `${found === "unclear" ? "no clear difference" : found} (${size.startsWith("<") ? "" : sign}${size})`;
}
