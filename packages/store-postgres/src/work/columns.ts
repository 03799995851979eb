import {
  type EncoderKey,
  type EncoderSums,
  firstSegmentEdgesMs,
  type SessionKey,
  type SessionSums,
  speedEdges,
} from "@playhead/store";

/** Fields and columns of one table, and the SQL that is the same for both. Its key begins with `app_id` and `at`. */
export interface WorkTable {
  readonly name: string;
  /** Of the row as JSON. */
  readonly record: string;
  readonly columns: string;
  /** The rest of the key. */
  readonly key: string;
  /** Sums over a group of rows, as columns of the table. */
  readonly sums: string;
  /** Sets each column to the sum of what is there and what comes. */
  readonly plus: string;
  /** The rest of the key and the sums, by the names of their fields. */
  readonly fields: string;
}

type Columns<F> = { readonly [N in keyof F]: string };
type Names = Readonly<Record<string, string>>;

const encoderKey: Columns<EncoderKey> = { kind: "kind", codec: "codec", container: "container", encoder: "encoder" };
const bins: Columns<Pick<EncoderSums, "firstSegmentBins" | "speedBins">> = {
  firstSegmentBins: "first_segment_bins",
  speedBins: "speed_bins",
};
const binsOf: Readonly<Record<string, number>> = {
  [bins.firstSegmentBins]: firstSegmentEdgesMs.length + 1,
  [bins.speedBins]: speedEdges.length + 1,
};
const encoderSums: Columns<EncoderSums> = {
  starts: "starts",
  failures: "failures",
  waits: "waits",
  waitedMs: "waited_ms",
  firstSegments: "first_segments",
  outputMs: "output_ms",
  firstSegmentMs: "first_segment_ms",
  segments: "segments",
  mediaMs: "media_ms",
  tookMs: "took_ms",
  ...bins,
};
const sessionKey: Columns<SessionKey> = { delivery: "delivery" };
const sessionSums: Columns<SessionSums> = {
  starts: "starts",
  preloads: "preloads",
  startMs: "start_ms",
  idle: "idle",
  client: "client",
  shutdown: "shutdown",
  unused: "unused",
};

export const encoderWork = table("encoder_work", encoderKey, encoderSums);
export const sessionWork = table("session_work", sessionKey, sessionSums);

function table(name: string, key: Names, sums: Names): WorkTable {
  const keyColumns = Object.values(key);
  const sumColumns = Object.values(sums);
  // Elements of an array of fixed length are found at once; taking arrays apart and putting them together costs ten times as much.
  const each = (column: string, sql: (value: string) => string, type: string) => {
    const length = binsOf[column];
    if (length === undefined) return `${sql(column)}::${type}`;
    return `ARRAY[${Array.from({ length }, (_, i) => sql(`${column}[${i + 1}]`)).join(", ")}]::${type}[]`;
  };
  const typeOf = (column: string) => (column in binsOf ? "int" : "bigint");
  const columns = ["app_id", "at", ...keyColumns, ...sumColumns];
  return {
    name,
    record: [
      "at BIGINT",
      ...keyColumns.map((column) => `${column} TEXT`),
      ...sumColumns.map((column) => `${column} ${column in binsOf ? "INT[]" : "BIGINT"}`),
    ].join(", "),
    columns: columns.join(", "),
    key: keyColumns.join(", "),
    sums: sumColumns.map((column) => each(column, (value) => `sum(${value})`, typeOf(column))).join(", "),
    plus: sumColumns
      .map((column) => `${column} = ${each(column, (value) => `kept.${value} + excluded.${value}`, typeOf(column))}`)
      .join(", "),
    fields: [
      ...Object.entries(key).map(([field, column]) => `${column} AS "${field}"`),
      ...Object.entries(sums).map(
        ([field, column]) => `${each(column, (value) => `sum(${value})`, "float8")} AS "${field}"`,
      ),
    ].join(", "),
  };
}

/** A row as `record` reads it. */
export function toRecord(work: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const columns: Readonly<Record<string, string>> = { ...encoderKey, ...sessionKey, ...encoderSums, ...sessionSums };
  return Object.fromEntries(Object.entries(work).map(([field, value]) => [columns[field] ?? field, value]));
}
