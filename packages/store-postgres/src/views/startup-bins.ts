import type { StartupBin, ViewSelection } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { where } from "./selection.js";

const none: StartupBin = {
  views: 0,
  divided: 0,
  serverMs: 0,
  networkMs: 0,
  playerMs: 0,
  mostlyServer: 0,
  mostlyNetwork: 0,
  mostlyPlayer: 0,
};

const longest = "greatest(start_server_ms, start_network_ms, start_player_ms)";
const columns = {
  views: "count(*)",
  divided: `count(${longest})`,
  serverMs: "coalesce(sum(start_server_ms), 0)",
  networkMs: "coalesce(sum(start_network_ms), 0)",
  playerMs: "coalesce(sum(start_player_ms), 0)",
  mostlyServer: `count(*) FILTER (WHERE start_server_ms = ${longest})`,
  mostlyNetwork: `count(*) FILTER (WHERE start_network_ms = ${longest} AND start_server_ms < ${longest})`,
  mostlyPlayer: `count(*) FILTER (WHERE start_player_ms > greatest(start_server_ms, start_network_ms))`,
} as const satisfies Record<keyof StartupBin, string>;

const list = Object.entries(columns)
  .map(([name, sql]) => `(${sql})::float8 AS "${name}"`)
  .join(", ");

export async function startupBins(
  database: Database,
  selection: ViewSelection,
  edgesMs: readonly number[],
): Promise<readonly StartupBin[]> {
  const condition = where(selection);
  const edges = `$${condition.values.length + 1}::float8[]`;
  // width_bucket refuses an empty list of edges: everything lies in the one bin then.
  const rows = await database.query<StartupBin & { bin: number }>(
    `SELECT CASE WHEN cardinality(${edges}) = 0 THEN 0 ELSE width_bucket(startup_ms::float8, ${edges}) END AS bin, ${list}
     FROM views WHERE ${condition.sql} AND startup_ms IS NOT NULL GROUP BY 1`,
    [...condition.values, edgesMs],
  );
  const bins = new Map(rows.map(({ bin, ...found }) => [bin, found]));
  return Array.from({ length: edgesMs.length + 1 }, (_, bin) => bins.get(bin) ?? none);
}
