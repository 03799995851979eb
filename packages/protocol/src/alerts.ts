import Type, { type Static } from "typebox";

const Int = Type.Integer();
const text = Type.String();
const nullable = <const T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const opt = Type.Optional;

const Op = Type.Union([Type.Literal("above"), Type.Literal("below")]);

/** When a rule holds: `docs/alerts.md`. */
export const AlertCondition = Type.Union([
  /** The metric lies above, or below, a value. */
  Type.Object({ kind: Type.Literal("threshold"), op: Op, value: Type.Number() }),
  /**
   * It lies more than `percent` above, or below, what it usually is: the median of the same stretch of each of the past
   * `days` days.
   */
  Type.Object({
    kind: Type.Literal("deviation"),
    op: Op,
    percent: Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }),
    days: Type.Integer({ minimum: 3, maximum: 28 }),
  }),
]);
export type AlertCondition = Static<typeof AlertCondition>;

const rule = {
  name: Type.String({ minLength: 1, maxLength: 128 }),
  /** A total or a ratio, or a statistic of a distribution: `startFailureRate`, `startupMs.p95`. */
  metric: Type.String({ minLength: 1, maxLength: 64 }),
  /** Conditions as everywhere: `cdn:eq:edge-b`. Empty: all views. */
  filter: Type.String({ maxLength: 8_192 }),
  condition: AlertCondition,
  /** Views that started so long before the evaluation, ms. */
  windowMs: Type.Integer({ minimum: 60_000, maximum: 86_400_000 }),
  /** With fewer views nothing is said. */
  minViews: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  /** Where the message goes: http or https. */
  webhookUrl: Type.String({ minLength: 1, maxLength: 2_048 }),
  enabled: Type.Boolean(),
};

/** Body of `POST /api/v1/alerts` and `PUT /api/v1/alerts/:id`. */
export const AlertRuleInput = Type.Object({
  ...rule,
  filter: opt(rule.filter),
  windowMs: opt(rule.windowMs),
  minViews: opt(rule.minViews),
  enabled: opt(rule.enabled),
});
export type AlertRuleInput = Static<typeof AlertRuleInput>;

/** What was found when a rule was last looked at. `too_few`: too few views now, or too few past days to compare with. */
export const AlertFinding = Type.Object({
  at: Int,
  verdict: Type.Union([Type.Literal("ok"), Type.Literal("breached"), Type.Literal("too_few")]),
  value: nullable(Type.Number()),
  /** What the value was held against: the threshold, or what is usual give or take the deviation. */
  limit: nullable(Type.Number()),
  /** What is usual; null for a threshold. */
  usual: nullable(Type.Number()),
  views: Int,
});
export type AlertFinding = Static<typeof AlertFinding>;

export const AlertState = Type.Union([Type.Literal("ok"), Type.Literal("firing")]);
export type AlertState = Static<typeof AlertState>;

export const AlertRule = Type.Object({
  ...rule,
  id: text,
  createdAt: Int,
  updatedAt: Int,
  state: AlertState,
  /** Since when, Unix ms. */
  stateSince: Int,
  /** Null: not looked at yet. */
  finding: nullable(AlertFinding),
  /** Shown to the administrator alone. */
  webhookUrl: opt(rule.webhookUrl),
});
export type AlertRule = Static<typeof AlertRule>;

export const AlertsReply = Type.Object({ rules: Type.Array(AlertRule) });
export type AlertsReply = Static<typeof AlertsReply>;

/** The secret by which messages are signed is shown when it is made, and never again. */
export const AlertRuleCreated = Type.Object({ rule: AlertRule, secret: text });
export type AlertRuleCreated = Static<typeof AlertRuleCreated>;

/** One message of an alert: what it said, and whether it arrived. */
export const AlertMessage = Type.Object({
  id: text,
  ruleId: text,
  ruleName: text,
  kind: Type.Union([Type.Literal("firing"), Type.Literal("resolved"), Type.Literal("test")]),
  at: Int,
  finding: nullable(AlertFinding),
  /** `pending`: will be tried, or tried again. `failed`: given up. */
  delivery: Type.Union([Type.Literal("pending"), Type.Literal("delivered"), Type.Literal("failed")]),
  attempts: Int,
  /** Of the last attempt that failed. */
  error: nullable(text),
});
export type AlertMessage = Static<typeof AlertMessage>;

/** `GET /api/v1/alerts/history`: newest first. */
export const AlertHistoryReply = Type.Object({ messages: Type.Array(AlertMessage) });
export type AlertHistoryReply = Static<typeof AlertHistoryReply>;

/** `POST /api/v1/alerts/:id/test`: what came of it. */
export const AlertTestReply = Type.Object({ delivered: Type.Boolean(), error: nullable(text) });
export type AlertTestReply = Static<typeof AlertTestReply>;
