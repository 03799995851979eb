import type { AlertsReply } from "@playhead/protocol";
import { createMemory, type Panel, usePanel } from "../panel.js";
import { counted } from "../quantity.js";
import { loadRules } from "./load-alerts.js";

const memory = createMemory<AlertsReply>();

/** All rules with their state; asked for again every minute, as the server looks at them. */
export function useRules(): Panel<AlertsReply> {
  return usePanel(memory, "rules", 0, loadRules);
}

/** On every page of the dashboard: what fires now. */
export function Firing() {
  const firing = useRules().value?.rules.filter(({ state, enabled }) => enabled && state === "firing") ?? [];
  if (firing.length === 0) return null;
  return (
    <p class="firing" role="status">
      <a href="/dashboard/alerts">{counted(firing.length, "alert")}</a>: {firing.map(({ name }) => name).join(", ")}
    </p>
  );
}
