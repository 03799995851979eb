import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { type ExposedMetric, exposedMetrics } from "./testing/exposed-metrics.js";

const examples = new URL("../../../../examples/", import.meta.url);
const dashboards = readdirSync(new URL("grafana/", examples)).filter((name) => name.endsWith(".json"));
const rules = readFileSync(new URL("prometheus/alerts.yml", examples), "utf8");
/** What Prometheus gives every series of a target, and what it makes of its own. */
const givenLabels = ["instance", "job", "le"];
const givenMetrics = ["up", ...Array.from(rules.matchAll(/record: (\S+)/g), ([, name]) => name)];

let exposed: ReadonlyMap<string, ExposedMetric>;
beforeAll(async () => {
  exposed = new Map(
    (await exposedMetrics()).flatMap((metric) => {
      const series = metric.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      return series.map((suffix) => [`${metric.name}${suffix}`, metric] as const);
    }),
  );
});

/** Metrics of a query with the labels that it matches, and labels that it groups by. */
function readQuery(query: string) {
  const plain = query.replace(/"[^"]*"/g, '""');
  const metrics = Array.from(
    plain.matchAll(/\b(playhead[\w:]*|up)\b(?!\()(?:\{([^}]*)\})?/g),
    ([, name = "", inside]) => ({
      name,
      matched: Array.from((inside ?? "").matchAll(/(\w+)\s*[=!]/g), ([, label = ""]) => label),
    }),
  );
  const grouped = Array.from(plain.matchAll(/\bby\s*\(([^)]*)\)/g), ([, labels = ""]) =>
    labels.split(/\s*,\s*/),
  ).flat();
  return { metrics, grouped };
}

/** A name or a label that the server does not tell fails here. */
function expectKnown(query: string): void {
  const { metrics, grouped } = readQuery(query);
  expect(metrics.length, query).toBeGreaterThan(0);
  const labels = new Set(givenLabels);
  for (const { name, matched } of metrics) {
    if (givenMetrics.includes(name)) continue;
    const metric = exposed.get(name);
    expect(metric, `${name} is no metric of /metrics`).toBeDefined();
    for (const label of metric?.labels ?? []) labels.add(label);
    for (const label of matched)
      expect([...(metric?.labels ?? []), ...givenLabels], `label of ${name}`).toContain(label);
  }
  for (const label of grouped) expect([...labels], query).toContain(label);
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

describe.each(dashboards)("examples/grafana/%s", (name) => {
  const text = readFileSync(new URL(`grafana/${name}`, examples), "utf8");
  const board: Dashboard = JSON.parse(text);
  const queries = board.panels.flatMap(({ targets = [] }) => targets);

  it("asks for metrics and labels that the server has", () => {
    expect(queries.length).toBeGreaterThan(5);
    for (const { expr } of queries) expectKnown(expr);
    for (const { definition } of board.templating.list) if (definition !== undefined) expectKnown(definition);
  });

  it("names in its legends what its queries keep", () => {
    for (const { expr, legendFormat } of queries) {
      const kept = [...readQuery(expr).grouped];
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(kept, expr).toContain(label);
    }
  });

  it("has its own address, panels side by side, and variables that exist", () => {
    expect(board.uid).toBe(name.replace(".json", ""));
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
    const cells = board.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of board.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    const variables = board.templating.list.map((variable) => variable.name);
    const used = Array.from(text.matchAll(/\$\{?([a-z]\w*)/g), ([, variable]) => variable);
    expect([...variables, "__rate_interval", "__range"]).toEqual(expect.arrayContaining([...new Set(used)]));
  });
});

it("examples/prometheus asks for metrics and labels that the server has", () => {
  const queries = Array.from(
    rules.matchAll(/^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/gm),
    ([, block, line]) => block ?? line ?? "",
  );
  expect(queries.length).toBe((rules.match(/- (?:alert|record):/g) ?? []).length);
  for (const query of queries) expectKnown(query);
});
