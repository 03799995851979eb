import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { channelDocs, channels } from "./channel-list.js";
import { exposedMetrics } from "./testing/exposed-metrics.js";

/** The lists for people are made from what the server tells: `npx vitest run --project unit -u observability-doc` writes them. */
const page = readFileSync(new URL("../../../../docs/observability.md", import.meta.url), "utf8");

function withSection(text: string, title: string, body: string): string {
  const from = text.indexOf(`\n## ${title}\n`);
  const to = text.indexOf("\n## ", from + 1);
  if (from < 0 || to < 0) throw new Error(`docs/observability.md has no section "${title}", or nothing after it`);
  return `${text.slice(0, from)}\n## ${title}\n\n${body}\n${text.slice(to)}`;
}

const channelList = () =>
  channels
    .map((name) => {
      const { when, fields } = channelDocs[name];
      const rows = Object.entries(fields).map(([field, [unit, meaning]]) => `| \`${field}\` | ${unit} | ${meaning} |`);
      const head = [`### \`${name}\``, "", `${when.charAt(0).toUpperCase()}${when.slice(1)}.`, ""];
      return [...head, "| field | unit | meaning |", "|---|---|---|", ...rows, ""].join("\n");
    })
    .join("\n");

async function metricList(): Promise<string> {
  const own = (await exposedMetrics()).filter(({ name }) => !/^playhead_(?:process|nodejs)_/.test(name));
  const rows = own.map(({ name, type, help, labels }) => {
    const named = labels.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${type} | ${named || "–"} | ${help} |`;
  });
  return ["| metric | type | labels | |", "|---|---|---|---|", ...rows, ""].join("\n");
}

it("is documented channel by channel and metric by metric, as the server tells it", async () => {
  const expected = withSection(
    withSection(page, "Channels, one by one", channelList()),
    "Metrics, one by one",
    await metricList(),
  );
  await expect(expected).toMatchFileSnapshot("../../../../docs/observability.md");
});
