import type { ViewFilter, ViewSelection } from "@playhead/store";
import { dimensionColumn } from "./columns.js";

/** A condition with its parameters, `$1` first. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** The WHERE of a selection. */
export function where(selection: ViewSelection): Condition {
  const values: unknown[] = [selection.appId, selection.from, selection.to];
  const filters = selection.filters.map((filter) => {
    // PostgreSQL's text has no NUL, so nothing that is stored equals such a value.
    values.push(filter.values.filter((value) => !value.includes("\0")));
    return ` AND ${matches(filter, values.length)}`;
  });
  return { sql: `app_id = $1 AND started_at >= $2 AND started_at < $3${filters.join("")}`, values };
}

/** An unknown value is not equal to anything, so `ne` keeps it. */
function matches(filter: ViewFilter, parameter: number): string {
  const column = dimensionColumn(filter.dimension);
  if (filter.op === "ne") return `(${column} IS NULL OR ${column} <> ALL($${parameter}::text[]))`;
  return `${column} = ANY($${parameter}::text[])`;
}
