import type { ChartOption } from "./chart-engine.js";
import type { ChartLook } from "./chart-look.js";

/** Text of a tooltip goes into HTML: names of films and codes come from outside. */
function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export interface TipRow {
  readonly name: string;
  readonly text: string;
  readonly colour: string;
}

export function tip(title: string, rows: readonly TipRow[]): string {
  const lines = rows.map(
    ({ name, text, colour }) =>
      `<tr><th><i style="background:${colour}"></i>${escape(name)}</th><td>${escape(text)}</td></tr>`,
  );
  return `<div class="chart-tip"><b>${escape(title)}</b><table>${lines.join("")}</table></div>`;
}

export function frame(look: ChartLook) {
  return {
    animation: !look.still,
    animationDuration: 260,
    animationDurationUpdate: 260,
    textStyle: { fontFamily: look.sans, color: look.ink },
    grid: { left: 52, right: 6, top: 10, bottom: 28, outerBoundsMode: "none" },
  } satisfies ChartOption;
}

export function tooltip(look: ChartLook) {
  return {
    trigger: "axis",
    confine: true,
    transitionDuration: 0,
    backgroundColor: look.raised,
    borderColor: look.tick,
    borderWidth: 1,
    borderRadius: 2,
    padding: 0,
    shadowBlur: 0,
    extraCssText: "box-shadow: var(--shadow-2)",
    textStyle: { color: look.ink, fontFamily: look.sans, fontSize: 13 },
    axisPointer: { type: "line", snap: true, lineStyle: { color: look.accent, width: 1.5, type: "solid" }, z: 5 },
  } satisfies ChartOption["tooltip"];
}

export function axisLabel(look: ChartLook) {
  return { color: look.faint, fontFamily: look.mono, fontSize: 10, hideOverlap: true };
}

type ValueAxis = NonNullable<ChartOption["yAxis"]>;

export interface Scale {
  readonly interval?: number;
  readonly minInterval?: number;
  readonly max?: number;
}

/** Of what is counted there is no half. */
export const wholeScale: Scale = { minInterval: 1 };

export function valueAxis(look: ChartLook, show: (value: number) => string, scale: Scale = {}): ValueAxis {
  return {
    type: "value",
    min: 0,
    splitNumber: 3,
    ...scale,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: look.line, width: 1 } },
    axisLabel: { ...axisLabel(look), formatter: show },
  };
}

/** ECharts hands a formatter what it hovers over: one or several, each with its place on the axis. */
export function indexOf(raw: unknown): number {
  const first: unknown = Array.isArray(raw) ? raw[0] : raw;
  if (typeof first !== "object" || first === null || !("dataIndex" in first)) return -1;
  return Number(first.dataIndex);
}
