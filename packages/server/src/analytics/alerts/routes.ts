import { randomUUID } from "node:crypto";
import {
  AlertHistoryReply,
  type AlertMessage,
  type AlertRule,
  AlertRuleCreated,
  AlertRuleInput,
  AlertRule as AlertRuleSchema,
  AlertsReply,
  AlertTestReply,
  DEFAULT_APP_ID,
  ErrorReply,
} from "@playhead/protocol";
import type { AlertRuleFields, AlertStore, StoredAlertMessage, StoredAlertRule } from "@playhead/store";
import Type from "typebox";
import { AppError } from "../../errors.js";
import type { App } from "../../http.js";
import { parseFilters } from "../filter-grammar.js";
import { parseLimit } from "../query.js";
import { parseAlertMetric } from "./alert-metric.js";
import type { Alerts } from "./alerts.js";
import { ForbiddenDestinationError, parseDestination } from "./destination.js";
import { newSecret } from "./webhook.js";

const ROOT = "/api/v1/alerts";
const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
const HistoryQuery = Type.Object({
  rule: Type.Optional(Type.String({ maxLength: 128, description: "of one rule alone" })),
  limit: Type.Optional(Type.String({ maxLength: 16, description: "messages; default 50" })),
});

export interface AlertRoutesDeps {
  readonly store: AlertStore;
  readonly alerts: Pick<Alerts, "test">;
  readonly now?: () => number;
}

/** Rules and what became of them. Everybody who is signed in sees them; the administrator makes and changes them. */
export function alertRoutes(app: App, { store, alerts, now = Date.now }: AlertRoutesDeps): void {
  const failures = { "4xx": ErrorReply, "5xx": ErrorReply };
  const admin = { door: "admin" } as const;

  const ruleOf = async (id: string): Promise<StoredAlertRule> => {
    const rule = await store.get(DEFAULT_APP_ID, id);
    if (rule === undefined) throw new AppError("alert_not_found");
    return rule;
  };

  app.get(ROOT, { schema: { response: { 200: AlertsReply, ...failures } } }, async ({ user }) => {
    const rules = await store.list(DEFAULT_APP_ID);
    return { rules: rules.map((rule) => shown(rule, user?.admin === true)) };
  });

  app.get(
    `${ROOT}/history`,
    { schema: { querystring: HistoryQuery, response: { 200: AlertHistoryReply, ...failures } } },
    async ({ query }) => {
      const limit = parseLimit(query.limit, { fallback: 50, max: 1_000 });
      const messages = await store.history(DEFAULT_APP_ID, {
        limit,
        ...(query.rule === undefined ? {} : { ruleId: query.rule }),
      });
      return { messages: messages.map(shownMessage) };
    },
  );

  app.post(
    ROOT,
    { config: admin, schema: { body: AlertRuleInput, response: { 201: AlertRuleCreated, ...failures } } },
    async ({ body }, reply) => {
      const secret = newSecret();
      const rule = await store.create({ appId: DEFAULT_APP_ID, id: randomUUID(), secret, ...checked(body) }, now());
      return reply
        .code(201)
        .header("cache-control", "no-store")
        .send({ rule: shown(rule, true), secret });
    },
  );

  app.put(
    `${ROOT}/:id`,
    { config: admin, schema: { params: ById, body: AlertRuleInput, response: { 200: AlertRuleSchema, ...failures } } },
    async ({ params, body }) => {
      const rule = await store.update(DEFAULT_APP_ID, params.id, checked(body), now());
      if (rule === undefined) throw new AppError("alert_not_found");
      return shown(rule, true);
    },
  );

  app.delete(`${ROOT}/:id`, { config: admin, schema: { params: ById } }, async ({ params }, reply) => {
    if (!(await store.remove(DEFAULT_APP_ID, params.id))) throw new AppError("alert_not_found");
    return reply.code(204).send();
  });

  app.post(
    `${ROOT}/:id/test`,
    { config: admin, schema: { params: ById, response: { 200: AlertTestReply, ...failures } } },
    async ({ params }) => alerts.test(await ruleOf(params.id)),
  );
}

const HOUR_MS = 3_600_000;
/** Rates of fewer views jump by chance. */
const MIN_VIEWS = 50;

/** @throws {AppError} `bad_request` with what is wrong and what is allowed. */
function checked(body: AlertRuleInput): AlertRuleFields {
  const { filter = "", windowMs = HOUR_MS, minViews = MIN_VIEWS, enabled = true } = body;
  const { name, metric, condition, webhookUrl } = body;
  parseAlertMetric(metric);
  parseFilters(filter);
  if (name.includes("\0")) throw new AppError("bad_request", { message: "name has a NUL character." });
  try {
    parseDestination(webhookUrl);
  } catch (error) {
    if (!(error instanceof ForbiddenDestinationError)) throw error;
    const message = error.message.startsWith("webhookUrl") ? error.message : `webhookUrl: ${error.message}`;
    throw new AppError("bad_request", { message, cause: error });
  }
  return { name, metric, filter, condition, windowMs, minViews, webhookUrl, enabled };
}

/** A webhook's address is often a secret in itself. */
function shown(rule: StoredAlertRule, admin: boolean): AlertRule {
  const { appId: _appId, secret: _secret, webhookUrl, ...rest } = rule;
  return admin ? { ...rest, webhookUrl } : rest;
}

function shownMessage({ appId: _appId, ...message }: StoredAlertMessage): AlertMessage {
  return message;
}
