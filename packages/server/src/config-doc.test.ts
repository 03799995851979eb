import { expect, it } from "vitest";
import { settings } from "./config.js";

/** The list for people is made from the list that is parsed: `npx vitest run --project unit -u config-doc` writes it. */
function documentation(): string {
  const rows = Object.values(settings).map(({ name, about, fallback, allowed }) => {
    const value = name === "PLAYHEAD_MAX_ENCODERS" ? "cores" : fallback === null ? "unset" : `\`${fallback}\``;
    return `| \`${name}\` | ${value} | ${allowed} | ${about} |`;
  });
  return [
    "# Configuration",
    "",
    "Settings are environment variables, read once at start. A wrong value stops the start with its name, its value and what",
    "is allowed. An empty variable counts as unset.",
    "",
    "| name | default | allowed | what it does |",
    "|---|---|---|---|",
    ...rows,
    "",
    "The keys that are made once lie in `secrets.json` of the data folder, readable by its owner only.",
    "",
  ].join("\n");
}

it("is documented setting by setting, as it is parsed", async () => {
  await expect(documentation()).toMatchFileSnapshot("../../../docs/configuration.md");
});
