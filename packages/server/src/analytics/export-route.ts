import { Readable } from "node:stream";
import { ErrorReply, Totals, ViewRow } from "@playhead/protocol";
import type { ViewSelection, ViewStore } from "@playhead/store";
import Type from "typebox";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import { csvLine } from "./csv.js";
import { parseDimensions } from "./filter-grammar.js";
import { measure } from "./measure.js";
import { parseMetrics } from "./metric-grammar.js";
import { AnalyticsQuery, parseLimit, parseSelection } from "./query.js";
import { viewRow } from "./view-row.js";

/** Views that are read, and held, at a time. */
const PAGE = 500;
const MOST_GROUPS = 100_000;

const formats = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;
type Format = keyof typeof formats;

const ExportQuery = Type.Object(
  {
    ...AnalyticsQuery.properties,
    format: Type.Optional(Type.String({ maxLength: 64, description: "csv or ndjson; default csv" })),
  },
  { additionalProperties: true },
);

/**
 * `GET /api/v1/analytics/export`: a selection's views, newest first; with `by`, the rows of that breakdown. A reader that is
 * slow is waited for: at most two pages are held for it, however many views there are. What fails midway ends the
 * connection, so that half a file is not taken for a whole one.
 */
export function exportRoute(app: App, views: ViewStore, now: () => number): void {
  const schema = { querystring: ExportQuery, response: { 200: Type.Unknown(), "4xx": ErrorReply, "5xx": ErrorReply } };
  app.get("/api/v1/analytics/export", { schema }, async ({ query }, reply) => {
    const { format: wanted, ...rest } = query;
    const selection = parseSelection(rest, now());
    const format = parseFormat(wanted);
    const most = query.limit === undefined ? undefined : parseLimit(query.limit, { fallback: 1, max: 999_999 });
    const rows =
      query.by === undefined
        ? exportedViews(views, selection, format, most)
        : await exportedGroups(views, selection, query.by, query.metric, format, most);
    const name = `playhead-${query.by === undefined ? "views" : "breakdown"}-${day(selection.from)}-${day(selection.to)}`;
    return reply
      .type(formats[format])
      .header("content-disposition", `attachment; filename="${name}.${format}"`)
      .header("cache-control", "no-store")
      .send(Readable.from(rows, { objectMode: true, highWaterMark: 1 }));
  });
}

function parseFormat(value = "csv"): Format {
  if (value === "csv" || value === "ndjson") return value;
  throw new AppError("bad_request", { message: `format is "${value.slice(0, 64)}", but must be csv or ndjson.` });
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

const viewNames = Object.keys(ViewRow.properties);

/** Page by page, each when the one before has been taken. */
export async function* exportedViews(
  views: ViewStore,
  selection: ViewSelection,
  format: Format,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  if (format === "csv") yield csvLine(viewNames);
  let cursor: string | undefined;
  let left = most;
  do {
    const page = await views.list(selection, {
      limit: Math.min(PAGE, left),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const rows: readonly Readonly<Record<string, unknown>>[] = page.views.map(viewRow);
    if (rows.length > 0) yield rows.map((row) => written(row, viewNames, format)).join("");
    left -= rows.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
}

async function exportedGroups(
  views: ViewStore,
  selection: ViewSelection,
  byText: string,
  metric: string | undefined,
  format: Format,
  most = MOST_GROUPS,
): Promise<readonly string[]> {
  const by = parseDimensions(byText);
  const fields = parseMetrics(metric);
  const groups = await measure(views, selection, { by, limit: most }, fields);
  const statistics = ["count", "mean", "p50", "p75", "p90", "p95", "p99"];
  const columns = fields.flatMap((field) => statistics.map((name) => `${field}.${name}`));
  const names = [...by, ...Object.keys(Totals.properties), ...columns];
  const rows = groups.map(({ group, measured: { distributions = {}, ...totals } }) => {
    const values = by.map((dimension, i) => [dimension, group.values?.[i] ?? null] as const);
    const spread = Object.entries(distributions).flatMap(([field, found]) =>
      Object.entries(found).map(([name, value]) => [`${field}.${name}`, value] as const),
    );
    return written({ ...Object.fromEntries(values), ...totals, ...Object.fromEntries(spread) }, names, format);
  });
  return format === "csv" ? [csvLine(names), ...rows] : rows;
}

function written(row: Readonly<Record<string, unknown>>, names: readonly string[], format: Format): string {
  return format === "csv" ? csvLine(names.map((name) => row[name])) : `${JSON.stringify(row)}\n`;
}
