import type { AlertHistoryReply, AlertRule } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { user } from "../../api/user.js";
import { writeFilters } from "../filter.js";
import { Outdated } from "../outdated.js";
import { createMemory, usePanel } from "../panel.js";
import { Skeleton } from "../skeleton.js";
import type { DashboardPageProps } from "../tabs.js";
import { useRules } from "./firing.js";
import { changeRule, loadMessages, makeRule } from "./load-alerts.js";
import { Messages } from "./messages.js";
import { RuleForm } from "./rule-form.js";
import { RuleList } from "./rule-list.js";
import { inputOf, newRule, type RuleValues, valuesOf } from "./rule-values.js";
import "./alerts.css";

const memory = createMemory<AlertHistoryReply>();

type Editing = { readonly rule: AlertRule | undefined } | undefined;

/** `/dashboard/alerts`: rules, their state, and what they said. */
export function AlertsPage({ state }: DashboardPageProps) {
  const rules = useRules();
  const messages = usePanel(memory, "messages", 0, loadMessages);
  const editing = useSignal<Editing>(undefined);
  const secret = useSignal<{ readonly name: string; readonly secret: string } | undefined>(undefined);
  const admin = user.value?.admin === true;
  const reload = () => {
    rules.reload();
    messages.reload();
  };
  const save = async (values: RuleValues) => {
    const rule = editing.peek()?.rule;
    if (rule) await changeRule(rule.id, inputOf(values, rule.enabled));
    else secret.value = { name: values.name, secret: (await makeRule(inputOf(values, true))).secret };
    editing.value = undefined;
    reload();
  };
  const found = rules.value?.rules;
  return (
    <>
      {rules.error && <Outdated error={rules.error} known={found !== undefined} onReload={reload} />}
      {found === undefined && rules.loading && <Skeleton />}
      {secret.value && (
        <Secret
          {...secret.value}
          onDone={() => {
            secret.value = undefined;
          }}
        />
      )}
      {editing.value ? (
        <RuleForm
          key={editing.value.rule?.id ?? "new"}
          title={editing.value.rule ? `Change “${editing.value.rule.name}”` : "A new rule"}
          values={
            editing.value.rule ? valuesOf(editing.value.rule) : { ...newRule, filter: writeFilters(state.filters) }
          }
          onSave={save}
          onCancel={() => {
            editing.value = undefined;
          }}
        />
      ) : (
        found && (
          <div class="rule-intro">
            <p class="lede">
              A rule looks at one number of some views, once a minute, and posts to a webhook when its condition begins
              to hold, and when it no longer does.
              {!admin && " Rules are made by the administrator."}
            </p>
            {admin && (
              <button
                type="button"
                class="button"
                data-kind="primary"
                onClick={() => {
                  editing.value = { rule: undefined };
                }}
              >
                New rule
              </button>
            )}
          </div>
        )
      )}
      {found && found.length > 0 && (
        <RuleList
          rules={found}
          admin={admin}
          onEdit={(rule) => {
            editing.value = { rule };
            scrollTo({ top: 0 });
          }}
          onChanged={reload}
        />
      )}
      {messages.value && <Messages messages={messages.value.messages} />}
    </>
  );
}

/** Shown when it is made, and never again. */
function Secret({ name, secret, onDone }: { name: string; secret: string; onDone: () => void }) {
  return (
    <section class="rule-secret" aria-label="The secret">
      <p role="status">The secret of “{name}”: its messages are signed with it. It is shown this once.</p>
      <input
        class="field mono"
        readOnly
        value={secret}
        aria-label="Secret"
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="rule-actions">
        <button type="button" class="button" onClick={() => void navigator.clipboard?.writeText(secret)}>
          Copy
        </button>
        <button type="button" class="button" onClick={onDone}>
          I have it
        </button>
      </div>
    </section>
  );
}
