import { DEFAULT_APP_ID, ErrorReply } from "@playhead/protocol";
import { type CostlyTotal, costlyTotals, type ViewSelection } from "@playhead/store";
import Type, { type Static } from "typebox";
import { AppError } from "../errors.js";
import { parseFilters } from "./filter-grammar.js";
import { parseRange } from "./time-grammar.js";

const opt = Type.Optional;
const text = (description: string) => opt(Type.String({ maxLength: 8_192, description }));

/** One grammar for all analytics routes; each takes what it can use and ignores the rest. */
export const AnalyticsQuery = Type.Object(
  {
    from: text("Unix ms, RFC 3339, or relative such as -24h; default -24h"),
    to: text("as `from`; default now"),
    interval: text("of a timeseries, such as 1m, 1h or 1d; default: around a hundred points"),
    by: text("dimensions of a breakdown or a timeseries, up to three, with commas between them"),
    filter: text("conditions that all hold, such as browser:eq:Firefox,codec:in:hevc|av1"),
    limit: text("rows of a page or of a breakdown"),
    cursor: text("`next` of the page before"),
    metric: text("names with commas between them; of a histogram, startup"),
    without: text("of viewers, startup: totals that cost most and that nobody will look at; null in the answer"),
    compare: text("previous: the stretch of the same length before"),
    control: text("variant that the others are held against; default: `control`, or the first by name"),
  },
  { additionalProperties: true },
);
export type AnalyticsQuery = Static<typeof AnalyticsQuery>;

const names = Object.keys(AnalyticsQuery.properties);
/** The ingest key's and the sign-in's way to travel in an address: not ours to refuse. */
const foreign = new Set(["key", "token"]);

/** @throws {AppError} `bad_request` that lists the right names, so that a slip of the pen is not an empty answer. */
function refuseUnknownNames(query: object): void {
  for (const name of Object.keys(query)) {
    if (names.includes(name) || foreign.has(name)) continue;
    throw new AppError("bad_request", {
      message: `There is no parameter "${name.slice(0, 64)}"; there are ${names.join(", ")}.`,
    });
  }
}

/** The views that a query asks for. @throws {AppError} `bad_request` with what is wrong and what is allowed. */
export function parseSelection(query: AnalyticsQuery, now: number): ViewSelection {
  refuseUnknownNames(query);
  return { appId: DEFAULT_APP_ID, ...parseRange(query, now), filters: parseFilters(query.filter) };
}

export function parseLimit(value: string | undefined, { fallback, max }: { fallback: number; max: number }): number {
  if (value === undefined) return fallback;
  const limit = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (limit < 1 || limit > max) {
    throw new AppError("bad_request", {
      message: `limit is "${value.slice(0, 64)}", but must be a whole number from 1 to ${max}.`,
    });
  }
  return limit;
}

/** Which costly totals are left out. @throws {AppError} `bad_request` that lists them. */
export function parseWithout(value: string | undefined): readonly CostlyTotal[] {
  const names = (value ?? "").split(",").filter((name) => name !== "");
  for (const name of names) {
    if (costlyTotals.some((total) => total === name)) continue;
    throw new AppError("bad_request", {
      message: `without is "${name.slice(0, 64)}", but must be of ${costlyTotals.join(", ")}.`,
    });
  }
  return costlyTotals.filter((total) => names.includes(total));
}

/** Whether the stretch before is asked for too. */
export function parseCompare(value: string | undefined): boolean {
  if (value === undefined || value === "previous") return value !== undefined;
  throw new AppError("bad_request", { message: `compare is "${value.slice(0, 64)}", but must be previous.` });
}

/** The schema of an analytics route that answers with `reply`. */
export const analyticsSchema = <const T extends Type.TSchema>(reply: T) => ({
  querystring: AnalyticsQuery,
  response: { 200: reply, "4xx": ErrorReply, "5xx": ErrorReply },
});

export const rangeOf = ({ from, to }: ViewSelection) => ({ from, to });
