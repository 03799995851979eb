import type { AlertFinding, AlertRule } from "@playhead/protocol";
import { counted, milliseconds, say, share } from "../quantity.js";
import { choiceOf } from "./alert-metrics.js";

/** `Failed to start above 5.00 %, of the last 1 h 00 min`. */
export function ruleText({ metric, condition, windowMs, minViews }: AlertRule): string {
  const { name, unit } = choiceOf(metric);
  const limit =
    condition.kind === "threshold"
      ? `${condition.op} ${say(unit.show(condition.value))}`
      : `${say(share(condition.percent / 100))} ${condition.op} what is usual at this hour, of ${counted(condition.days, "day")}`;
  return `${name} ${limit}; over ${say(milliseconds(windowMs))}, from ${counted(minViews, "view")} on`;
}

/** What was found when the rule was last looked at. */
export function findingText(metric: string, finding: AlertFinding | null): string {
  if (finding === null) return "not looked at yet";
  const { value, usual, views, verdict } = finding;
  const show = (of: number | null) => say(choiceOf(metric).unit.show(of));
  if (verdict === "too_few") return `too few: ${counted(views, "view")}`;
  return `${show(value)} over ${counted(views, "view")}${usual === null ? "" : `, usually ${show(usual)}`}`;
}
