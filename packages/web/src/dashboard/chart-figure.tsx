import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Chart, type ChartProps } from "./chart.js";

export interface ChartColumn {
  readonly name: string;
  /** Set right, in figures of one width. */
  readonly number?: boolean;
}

export interface ChartFigureProps extends ChartProps {
  readonly title: string;
  /** What is drawn, in a sentence. */
  readonly definition: string;
  /** Not shown for one: the title names it. */
  readonly legend?: readonly {
    readonly name: string;
    readonly colour: `--${string}`;
    readonly kind?: "bars" | "lines";
  }[];
  /** The numbers that the drawing stands for: the first cell names the row. */
  readonly columns: readonly ChartColumn[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
}

/** A chart with its heading, and the same numbers as a table in its place at the press of a button. */
export function ChartFigure({ title, definition, legend, columns, rows, ...chart }: ChartFigureProps) {
  const asTable = useSignal(false);
  const id = useId();
  return (
    <figure class="figure" aria-labelledby={id}>
      <div class="figure-head">
        <h2 class="title-face" id={id}>
          {title}
        </h2>
        {legend && legend.length > 1 && (
          <ul class="legend" data-many={legend.length > 3}>
            {legend.map(({ name, colour, kind }) => (
              <li key={name}>
                <i style={{ background: `var(${colour})` }} data-kind={kind ?? "bars"} />
                {name}
              </li>
            ))}
          </ul>
        )}
        <button
          type="button"
          class="figure-toggle"
          aria-pressed={asTable.value}
          onClick={() => {
            asTable.value = !asTable.value;
          }}
        >
          Show as table
        </button>
      </div>
      <p class="figure-definition">{definition}</p>
      {asTable.value ? (
        <div class="table-scroll chart-table" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
          <table class="table">
            <thead>
              <tr>
                {columns.map(({ name, number }) => (
                  <th scope="col" key={name} {...(number && { "data-number": true })}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells: [first, ...rest] }) => (
                <tr key={key}>
                  <th scope="row">{first}</th>
                  {rest.map((cell, i) => (
                    <td key={columns[i + 1]?.name} {...(columns[i + 1]?.number && { "data-number": true })}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Chart {...chart} />
      )}
    </figure>
  );
}
