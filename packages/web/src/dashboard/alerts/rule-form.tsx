import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { alertMetrics, choiceOf } from "./alert-metrics.js";
import { fieldIn, type RuleField, type RuleValues } from "./rule-values.js";

export interface RuleFormProps {
  readonly title: string;
  readonly values: RuleValues;
  /** Stores it; what it throws is shown in the form. */
  readonly onSave: (values: RuleValues) => Promise<void>;
  readonly onCancel: () => void;
}

const windows = [
  ["5", "5 minutes"],
  ["15", "15 minutes"],
  ["60", "1 hour"],
  ["360", "6 hours"],
  ["1440", "1 day"],
] as const;

/** Makes or changes a rule. */
export function RuleForm({ title, values: given, onSave, onCancel }: RuleFormProps) {
  const values = useSignal(given);
  const failure = useSignal<string | undefined>(undefined);
  const saving = useSignal(false);
  const id = useId();
  const now = values.value;
  const { unit } = choiceOf(now.metric);
  const wrong = failure.value === undefined ? undefined : fieldIn(failure.value);
  const bind = (name: RuleField) => ({
    name,
    value: now[name],
    class: "field",
    "aria-invalid": wrong === name || undefined,
    "aria-describedby": wrong === name ? `${id}-failure` : undefined,
    onInput: (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) => {
      const before = values.peek();
      const next = { ...before, [name]: event.currentTarget.value };
      // A number of per cent is none of seconds.
      const sameUnit = choiceOf(before.metric).unit === choiceOf(next.metric).unit;
      values.value = sameUnit ? next : { ...next, value: "" };
    },
  });
  const save = async () => {
    saving.value = true;
    failure.value = undefined;
    try {
      await onSave(values.peek());
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    } finally {
      saving.value = false;
    }
  };
  const known = alertMetrics.some(({ metric }) => metric === now.metric);
  return (
    <form
      class="rule-form"
      aria-labelledby={id}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2 class="title-face" id={id}>
        {title}
      </h2>
      <div class="rule-fields">
        <Field label="Name" wide>
          <input {...bind("name")} type="text" required maxLength={128} placeholder="Starts fail" />
        </Field>
        <Field label="Metric">
          <select {...bind("metric")}>
            {!known && <option value={now.metric}>{now.metric}</option>}
            {alertMetrics.map(({ metric, name }) => (
              <option key={metric} value={metric}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Is held against">
          <select {...bind("kind")}>
            <option value="threshold">a value</option>
            <option value="deviation">the same hour of past days</option>
          </select>
        </Field>
        <Field label="When it is">
          <select {...bind("op")}>
            <option value="above">above</option>
            <option value="below">below</option>
          </select>
        </Field>
        {now.kind === "threshold" ? (
          <Field label={unit.name === "" ? "Value" : `Value, ${unit.name}`}>
            <input {...bind("value")} type="number" step="any" required />
          </Field>
        ) : (
          <>
            <Field label="By more than, %">
              <input {...bind("percent")} type="number" min="1" max="100000" step="any" required />
            </Field>
            <Field label="Past days, 3 to 28">
              <input {...bind("days")} type="number" min="3" max="28" required />
            </Field>
          </>
        )}
        <Field label="Of views that began in the last">
          <select {...bind("windowMinutes")}>
            {!windows.some(([minutes]) => minutes === now.windowMinutes) && (
              <option value={now.windowMinutes}>{now.windowMinutes} minutes</option>
            )}
            {windows.map(([minutes, name]) => (
              <option key={minutes} value={minutes}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field label="From so many views on">
          <input {...bind("minViews")} type="number" min="1" max="1000000" required />
        </Field>
        <Field label="Only views with (none: all)" wide>
          <input {...bind("filter")} type="text" placeholder="cdn:eq:edge-b,browser:ne:Safari" spellcheck={false} />
        </Field>
        <Field label="Webhook, where the message goes" wide>
          <input {...bind("webhookUrl")} type="url" required maxLength={2048} placeholder="https://hooks.example/…" />
        </Field>
      </div>
      {failure.value !== undefined && (
        <p class="rule-failure" role="alert" id={`${id}-failure`}>
          {failure.value}
        </p>
      )}
      <div class="rule-actions">
        <button type="submit" class="button" data-kind="primary" disabled={saving.value}>
          Save
        </button>
        <button type="button" class="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Field({ label, wide, children }: { label: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <label class="finder-field" data-wide={wide}>
      <span class="label">{label}</span>
      {children}
    </label>
  );
}
