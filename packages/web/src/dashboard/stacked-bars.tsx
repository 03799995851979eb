import type { ChartOption } from "./chart-engine.js";
import { ChartFigure } from "./chart-figure.js";
import { axisLabel, frame, indexOf, type Scale, tip, tooltip, valueAxis, wholeScale } from "./chart-frame.js";
import type { ChartLook } from "./chart-look.js";

/** One colour of the bars. */
export interface Part {
  readonly name: string;
  readonly colour: `--${string}`;
  /** One for each bar. */
  readonly values: readonly number[];
}

export interface StackedBarsProps {
  readonly title: string;
  readonly definition: string;
  /** Of the bars: below the axis (empty: none), and in full. */
  readonly ticks: readonly string[];
  readonly names: readonly string[];
  /** What the first column of the table is called. */
  readonly of: string;
  readonly parts: readonly Part[];
  readonly show: (value: number) => string;
  /** Where the values are no plain numbers: the steps of their axis, up to the highest bar, and the names of the steps. */
  readonly axis?: { readonly scale: (most: number) => Scale; readonly tick: (value: number) => string };
  readonly note: string;
}

/** Sums that are made of parts, one bar each, and the table behind them. */
export function StackedBars(props: StackedBarsProps) {
  const { title, definition, names, of, parts, show, note } = props;
  const sums = sumsOf(props);
  const told = names.flatMap((name, i) => ((sums[i] ?? 0) > 0 ? [{ name, i }] : []));
  return (
    <ChartFigure
      title={title}
      definition={definition}
      label={`${title}. “Show as table” gives the numbers.`}
      legend={parts}
      option={(look) => stackedOption(props, look)}
      drawnFrom={`${title} ${JSON.stringify([names, parts])}`}
      columns={[{ name: of }, ...parts.map(({ name }) => ({ name, number: true }))]}
      rows={told.map(({ name, i }) => ({
        key: name,
        cells: [name, ...parts.map(({ values }) => show(values[i] ?? 0))],
      }))}
      {...(told.length === 0 && { note })}
    />
  );
}

const sumsOf = ({ names, parts }: StackedBarsProps) =>
  names.map((_, i) => parts.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));

function stackedOption(props: StackedBarsProps, look: ChartLook): ChartOption {
  const { ticks, names, parts, show, axis } = props;
  const tick = axis?.tick ?? show;
  return {
    ...frame(look),
    tooltip: {
      ...tooltip(look),
      axisPointer: { type: "none" },
      formatter: (raw) => {
        const i = indexOf(raw);
        const rows = parts.map(({ name, colour, values }) => ({
          name,
          text: show(values[i] ?? 0),
          colour: look.colour(colour),
        }));
        return tip(names[i] ?? "", rows.toReversed());
      },
    },
    xAxis: {
      type: "category",
      data: [...ticks],
      axisLine: { lineStyle: { color: look.tick } },
      axisTick: { show: true, interval: 0, length: 5, lineStyle: { color: look.tick } },
      axisLabel: { ...axisLabel(look), margin: 11, interval: (i) => ticks[i] !== "" },
    },
    yAxis: valueAxis(
      look,
      (value) => (value === 0 ? "0" : tick(value)),
      axis?.scale(Math.max(0, ...sumsOf(props))) ?? wholeScale,
    ),
    series: parts.map(({ name, colour, values }) => ({
      type: "bar",
      name,
      stack: "all",
      data: [...values],
      itemStyle: { color: look.colour(colour) },
      emphasis: { disabled: true },
      barCategoryGap: "12%",
      barMaxWidth: 48,
    })),
  };
}
