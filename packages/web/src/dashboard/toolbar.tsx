import { Icon } from "../design/icon.js";
import { type Dimension, dimensions } from "./dimensions.js";
import { withoutFilter } from "./filter.js";
import { fullMoment } from "./moment.js";
import type { Names } from "./names.js";
import { type DashboardState, type Range, spanNames, spans } from "./url-state.js";

export interface ToolbarProps {
  readonly state: DashboardState;
  readonly names: Names;
  readonly onState: (next: DashboardState) => void;
}

/** What is looked at: the stretch of time, and the conditions. */
export function Toolbar({ state, names, onState }: ToolbarProps) {
  const { range, filters } = state;
  const setRange = (next: Range) => onState({ ...state, range: next });
  const drop = (dimension: Dimension) => onState({ ...state, filters: withoutFilter(filters, dimension) });
  return (
    <div class="toolbar">
      {(filters.length > 0 || range.kind === "between") && (
        <ul class="chips" aria-label="Only these views">
          {range.kind === "between" && (
            <li>
              <Chip
                label="Began"
                value={`${fullMoment(range.from)} – ${fullMoment(range.to)}`}
                onDrop={() => setRange({ kind: "span", span: range.span })}
              />
            </li>
          )}
          {filters.map(({ dimension, value }) => (
            <li key={dimension}>
              <Chip
                label={dimensions[dimension]}
                value={names.value(dimension, value)}
                onDrop={() => drop(dimension)}
              />
            </li>
          ))}
        </ul>
      )}
      <button
        type="button"
        class="compare"
        aria-pressed={state.compare}
        title="Each figure against the stretch of the same length before"
        onClick={() => onState({ ...state, compare: !state.compare })}
      >
        Compare
      </button>
      <div class="segments" role="group" aria-label="Range">
        {spanNames.map((span) => (
          <button
            type="button"
            key={span}
            aria-pressed={range.kind === "span" && range.span === span}
            title={`The last ${spans[span].name}`}
            onClick={() => setRange({ kind: "span", span })}
          >
            {span.replace(/(\d)(\D)/, "$1\u00a0$2")}
          </button>
        ))}
      </div>
    </div>
  );
}

function Chip({ label, value, onDrop }: { label: string; value: string; onDrop: () => void }) {
  return (
    <button
      type="button"
      class="chip"
      aria-label={`${label} ${value}: drop this condition`}
      title={value}
      onClick={onDrop}
    >
      <span class="chip-label">{label}</span> <span class="chip-value">{value}</span>
      <Icon name="close" size={14} />
    </button>
  );
}
