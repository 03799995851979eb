import { usePageParam } from "./page-param.js";
import type { Quantity } from "./quantity.js";

/** A column of numbers by which a table can be put in order. */
export interface SortedColumn<R> {
  readonly id: string;
  readonly name: string;
  readonly definition: string;
  readonly value: (row: R) => number | null;
  readonly show: (value: number | null) => Quantity;
}

/** The order of a table, kept in the address as `sort`; a page has one such table. The first column goes first. */
export function useSorted<R>(columns: readonly [SortedColumn<R>, ...SortedColumn<R>[]]) {
  const [first] = columns;
  const [sort, setSort] = usePageParam("sort", `-${first.id}`);
  const descending = sort.startsWith("-");
  const column = columns.find(({ id }) => id === sort.replace("-", "")) ?? first;
  return {
    sorted: (rows: readonly R[]) => rows.toSorted((a, b) => compare(column.value(a), column.value(b), descending)),
    /** The headings, each the switch of its order. */
    heads: columns.map(({ id, name, definition }) => (
      <th
        scope="col"
        key={id}
        data-number
        aria-sort={id === column.id ? (descending ? "descending" : "ascending") : "none"}
      >
        <button
          type="button"
          class="sorter"
          title={definition}
          onClick={() => setSort(id === column.id && descending ? id : `-${id}`)}
        >
          {name}
          <span aria-hidden="true">{id === column.id ? (descending ? " ↓" : " ↑") : ""}</span>
        </button>
      </th>
    )),
  };
}

/** What is not known stands last, whichever way. */
function compare(a: number | null, b: number | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return descending ? b - a : a - b;
}
