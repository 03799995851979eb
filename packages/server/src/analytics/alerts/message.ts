import type { AlertFinding, AlertMessage } from "@playhead/protocol";
import type { StoredAlertRule } from "@playhead/store";

/** Body of a webhook: `docs/alerts.md`. */
export function messageBody(
  rule: StoredAlertRule,
  { kind, at, finding }: Pick<AlertMessage, "kind" | "at" | "finding">,
): string {
  return JSON.stringify({
    type: `alert.${kind}`,
    timestamp: new Date(at).toISOString(),
    /** For people, and for receivers that show a message's `text`. */
    text: sentence(rule, kind, finding),
    data: {
      ruleId: rule.id,
      name: rule.name,
      metric: rule.metric,
      filter: rule.filter,
      condition: rule.condition,
      windowMs: rule.windowMs,
      ...(finding && { from: finding.at - rule.windowMs, to: finding.at }),
      value: finding?.value ?? null,
      limit: finding?.limit ?? null,
      usual: finding?.usual ?? null,
      views: finding?.views ?? null,
    },
  });
}

function sentence(
  { name, metric, condition, filter }: StoredAlertRule,
  kind: AlertMessage["kind"],
  finding: AlertFinding | null,
) {
  if (kind === "test") return `${name}: a test. Nothing is wrong.`;
  const where = filter === "" ? "" : ` (${filter})`;
  const is = `${metric}${where} is ${number(finding?.value)}`;
  if (kind === "resolved") return `${name}: over. ${is}, over ${finding?.views ?? 0} views.`;
  const usual = finding?.usual === null || finding === null ? "" : `; ${number(finding.usual)} is usual`;
  return `${name}: ${is}, ${condition.op} ${number(finding?.limit)}${usual}, over ${finding?.views ?? 0} views.`;
}

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? "unknown" : String(Number(value.toPrecision(4)));
