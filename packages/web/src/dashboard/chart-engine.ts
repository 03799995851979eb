import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from "echarts/charts";
import {
  AxisPointerComponent,
  GridComponent,
  type GridComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from "echarts/components";
import { type ComposeOption, type EChartsType, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

// Only what is used: the rest of ECharts stays out of the bundle. SVG, so that lines are sharp at any zoom and in print.
use([BarChart, LineChart, GridComponent, TooltipComponent, AxisPointerComponent, SVGRenderer]);

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;
export type { EChartsType };

export function createChart(element: HTMLElement): EChartsType {
  return init(element, null, { renderer: "svg" });
}
