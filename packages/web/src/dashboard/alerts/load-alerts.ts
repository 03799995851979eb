import type {
  AlertHistoryReply,
  AlertRule,
  AlertRuleCreated,
  AlertRuleInput,
  AlertsReply,
  AlertTestReply,
} from "@playhead/protocol";
import { request } from "../../api/request.js";

const ROOT = "/api/v1/alerts";
const at = (id: string) => `${ROOT}/${encodeURIComponent(id)}`;

export const loadRules = (signal: AbortSignal) => request<AlertsReply>(ROOT, { signal });
export const loadMessages = (signal: AbortSignal) => request<AlertHistoryReply>(`${ROOT}/history?limit=50`, { signal });
export const makeRule = (body: AlertRuleInput) => request<AlertRuleCreated>(ROOT, { method: "POST", body });
export const changeRule = (id: string, body: AlertRuleInput) => request<AlertRule>(at(id), { method: "PUT", body });
export const removeRule = (id: string) => request<null>(at(id), { method: "DELETE" });
export const testRule = (id: string) => request<AlertTestReply>(`${at(id)}/test`, { method: "POST" });
