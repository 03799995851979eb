import type { AlertRule } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { fullMoment, moment } from "../moment.js";
import { Section } from "../section.js";
import { changeRule, removeRule, testRule } from "./load-alerts.js";
import { inputOf, valuesOf } from "./rule-values.js";
import { findingText, ruleText } from "./rule-words.js";

export interface RuleListProps {
  readonly rules: readonly AlertRule[];
  /** Who may change them. */
  readonly admin: boolean;
  readonly onEdit: (rule: AlertRule) => void;
  readonly onChanged: () => void;
}

/** The rules, those that fire first. */
export function RuleList({ rules, admin, onEdit, onChanged }: RuleListProps) {
  const ordered = rules.toSorted(
    (a, b) => Number(b.state === "firing") - Number(a.state === "firing") || a.name.localeCompare(b.name),
  );
  return (
    <Section title="Rules">
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Rules, the table">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">State</th>
              <th scope="col">Found last</th>
              {admin && <th scope="col">Do</th>}
            </tr>
          </thead>
          <tbody>
            {ordered.map((rule) => (
              <tr key={rule.id}>
                <th scope="row">
                  {rule.name}
                  <span class="row-note">{ruleText(rule)}</span>
                  {rule.filter !== "" && <span class="row-note mono">{rule.filter}</span>}
                </th>
                <td title={fullMoment(rule.stateSince)}>
                  <State rule={rule} />
                </td>
                <td>
                  {findingText(rule.metric, rule.finding)}
                  {rule.finding && <span class="row-note">{moment(rule.finding.at, Date.now())}</span>}
                </td>
                {admin && (
                  <td>
                    <Actions rule={rule} onEdit={onEdit} onChanged={onChanged} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function State({ rule: { enabled, state, stateSince } }: { rule: AlertRule }) {
  if (!enabled) return <span class="state">Off</span>;
  return (
    <span class="state" data-tone={state === "firing" ? "bad" : "good"}>
      {state === "firing" ? `Fires since ${moment(stateSince, Date.now())}` : "In order"}
    </span>
  );
}

function Actions({ rule, onEdit, onChanged }: Omit<RuleListProps, "rules" | "admin"> & { readonly rule: AlertRule }) {
  const busy = useSignal(false);
  const said = useSignal("");
  const asks = useSignal(false);
  const run = async (work: () => Promise<string>) => {
    busy.value = true;
    said.value = "";
    try {
      said.value = await work();
      onChanged();
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error);
    } finally {
      busy.value = false;
    }
  };
  const test = async () => {
    const { delivered, error } = await testRule(rule.id);
    return delivered ? "The test arrived." : `The test did not arrive: ${error ?? "no reason is known"}.`;
  };
  const turn = async () => {
    await changeRule(rule.id, inputOf(valuesOf(rule), !rule.enabled));
    return rule.enabled ? "It is off." : "It is on.";
  };
  const remove = async () => {
    await removeRule(rule.id);
    return "";
  };
  const button = (name: string, onClick: () => void) => (
    <button type="button" class="button" data-size="small" disabled={busy.value} onClick={onClick}>
      {name}
    </button>
  );
  return (
    <div class="rule-actions">
      {asks.value ? (
        <>
          {button("Delete it for good", () => void run(remove))}
          {button("Keep it", () => {
            asks.value = false;
          })}
        </>
      ) : (
        <>
          {button("Send a test", () => void run(test))}
          {button("Change", () => onEdit(rule))}
          {button(rule.enabled ? "Turn off" : "Turn on", () => void run(turn))}
          {button("Delete", () => {
            asks.value = true;
          })}
        </>
      )}
      <p class="row-note" role="status">
        {said.value}
      </p>
    </div>
  );
}
