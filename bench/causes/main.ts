import { parseArgs } from "node:util";
import { openCauseStage, type Staged } from "../../e2e/causes/stage.js";
import { called, type Trouble, troubles } from "../../e2e/causes/troubles.js";
import { machine } from "../load/machine.js";

/**
 * `npm run bench:causes -- [--runs 20] [--only slowNetwork]`: makes each trouble happen so many times in Chromium, and counts how often its view
 * names it rightly. A run counts if the trouble was seen in the page itself.
 */
const { values } = parseArgs({
  options: { runs: { type: "string", default: "20" }, only: { type: "string", default: "" } },
});
const runs = Number(values.runs);
const chosen = troubles.filter((trouble) => trouble.includes(values.only));
if (!(runs >= 1) || chosen.length === 0) throw new Error(`--runs above 0, --only one of ${troubles.join(", ")}`);

function happened(trouble: Trouble, { seenMs, startedMs }: Staged): boolean {
  if (trouble === "none") return seenMs.length === 0;
  return "startCause" in called[trouble] ? (startedMs ?? 0) > 2_000 : seenMs.length > 0;
}

/** What the view named, of what it is asked for. */
const named = (trouble: Trouble, { view: { startCause, stallCause } }: Staged): string =>
  Object.keys(called[trouble])
    .map((field) => (field === "startCause" ? startCause : stallCause) ?? "none")
    .join(" and ");
const right = (trouble: Trouble): string =>
  Object.values(called[trouble])
    .map((cause) => cause ?? "none")
    .join(" and ");

console.log(`npm run bench:causes -- --runs ${runs}\n${machine()}`);
const stage = await openCauseStage(runs);
try {
  console.log("\n| trouble | to be called | happened | rightly named | otherwise |\n|---|---|---|---|---|");
  for (const trouble of chosen) {
    const names: string[] = [];
    for (let run = 0; run < runs; run++) {
      const staged = await stage.run[trouble]();
      if (!happened(trouble, staged)) continue;
      names.push(named(trouble, staged));
      if (names.at(-1) !== right(trouble)) console.error(JSON.stringify(staged.view.explanations));
    }
    const others = names.filter((name) => name !== right(trouble));
    console.log(
      `| ${trouble} | ${right(trouble)} | ${names.length} | ${names.length - others.length} | ${others.join(", ") || "–"} |`,
    );
  }
} finally {
  await stage.close();
}
