import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { theme } from "../design/theme.js";
import type { ChartOption, EChartsType } from "./chart-engine.js";
import { type ChartLook, chartLook } from "./chart-look.js";

export interface ChartProps {
  /** Says in words what the drawing shows; the numbers stand in a table. */
  readonly label: string;
  readonly option: (look: ChartLook) => ChartOption;
  /** Draws again when it changes. */
  readonly drawnFrom: unknown;
  /** Stands in the middle of a drawing that has nothing to show. */
  readonly note?: string;
  /** A point of the first axis was clicked, by its index. */
  readonly onPick?: (index: number) => void;
}

/** A drawing by ECharts, which is loaded when the first one is shown. */
export function Chart({ label, option, drawnFrom, note, onPick }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useSignal<EChartsType | undefined>(undefined);
  const failed = useSignal(false);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    let gone = false;
    let made: EChartsType | undefined;
    const observer = new ResizeObserver(() => made?.resize());
    const draw = async () => {
      const { createChart } = await import("./chart-engine.js");
      if (gone || !host.current) return;
      made = createChart(host.current);
      made.getZr().on("click", ({ offsetX, offsetY }) => {
        if (!made?.containPixel("grid", [offsetX, offsetY])) return;
        pick.current?.(made.convertFromPixel({ xAxisIndex: 0 }, offsetX));
      });
      chart.value = made;
      observer.observe(host.current);
    };
    draw().catch(() => {
      failed.value = true;
    });
    return () => {
      gone = true;
      observer.disconnect();
      made?.dispose();
      chart.value = undefined;
    };
  }, [chart, failed]);

  // Named here, so that a change of either draws again.
  const present = chart.value;
  const look = theme.value;
  useEffect(() => {
    present?.setOption(option(chartLook()), { notMerge: true });
  }, [present, look, drawnFrom]);

  return (
    <div class="chart" role="img" aria-label={label} data-ready={present !== undefined}>
      <div class="chart-host" ref={host} data-pick={onPick !== undefined} />
      {note !== undefined && <p class="chart-note">{note}</p>}
      {failed.value && <p class="chart-note">The chart could not be loaded. “Show as table” gives its numbers.</p>}
    </div>
  );
}
