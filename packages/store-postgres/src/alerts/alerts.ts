import type { AlertFinding, AlertState } from "@playhead/protocol";
import type {
  AlertRuleFields,
  AlertStore,
  DueAlertMessage,
  StoredAlertMessage,
  StoredAlertRule,
} from "@playhead/store";
import type { Database } from "../connection/database.js";
import { storable } from "../connection/storable.js";

interface RuleRow extends StoredAlertRule, Record<string, unknown> {}
interface MessageRow extends StoredAlertMessage, Record<string, unknown> {}

const RULE = `r.app_id AS "appId", r.id, r.name, r.metric, r.filter, r.condition, r.window_ms AS "windowMs",
  r.min_views AS "minViews", r.webhook_url AS "webhookUrl", r.secret, r.enabled, r.created_at AS "createdAt",
  r.updated_at AS "updatedAt", r.state, r.state_since AS "stateSince", r.finding`;
const MESSAGE = `r.app_id AS "appId", m.id, m.rule_id AS "ruleId", r.name AS "ruleName", m.kind, m.at, m.finding, m.delivery,
  m.attempts, m.error`;
const UNTIL = "clock_timestamp() + make_interval(secs => $3 / 1000.0)";

/** Alert rules and their messages in PostgreSQL. A claim locks its rows for a moment only; the lease it writes is what holds. */
export class PostgresAlertStore implements AlertStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(
    rule: AlertRuleFields & Pick<StoredAlertRule, "appId" | "id" | "secret">,
    now: number,
  ): Promise<StoredAlertRule> {
    const rows = await this.#database.query<RuleRow>(
      `INSERT INTO alert_rules AS r (app_id, id, secret, name, metric, filter, condition, window_ms, min_views, webhook_url,
         enabled, created_at, updated_at, state, state_since)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 'ok', $12) RETURNING ${RULE}`,
      [rule.appId, rule.id, rule.secret, ...fieldsOf(rule), now],
    );
    const stored = rows[0];
    if (stored === undefined) throw new Error("An insert returned no row.");
    return stored;
  }

  async update(appId: string, id: string, rule: AlertRuleFields, now: number): Promise<StoredAlertRule | undefined> {
    if (!storable(appId, id)) return undefined;
    const rows = await this.#database.query<RuleRow>(
      `UPDATE alert_rules r SET name = $3, metric = $4, filter = $5, condition = $6, window_ms = $7, min_views = $8,
         webhook_url = $9, enabled = $10, updated_at = greatest($11, updated_at + 1),
         state = 'ok', state_since = $11, finding = NULL, evaluated_at = 0, leased_until = '-infinity'
       WHERE app_id = $1 AND id = $2 RETURNING ${RULE}`,
      [appId, id, ...fieldsOf(rule), now],
    );
    return rows[0];
  }

  async remove(appId: string, id: string): Promise<boolean> {
    if (!storable(appId, id)) return false;
    return (await this.#database.execute("DELETE FROM alert_rules WHERE app_id = $1 AND id = $2", [appId, id])) > 0;
  }

  async get(appId: string, id: string): Promise<StoredAlertRule | undefined> {
    if (!storable(appId, id)) return undefined;
    const rows = await this.#database.query<RuleRow>(
      `SELECT ${RULE} FROM alert_rules r WHERE app_id = $1 AND id = $2`,
      [appId, id],
    );
    return rows[0];
  }

  list(appId: string): Promise<readonly StoredAlertRule[]> {
    return this.#database.query<RuleRow>(`SELECT ${RULE} FROM alert_rules r WHERE app_id = $1 ORDER BY name, id`, [
      appId,
    ]);
  }

  claimRules(before: number, limit: number, leaseMs: number): Promise<readonly StoredAlertRule[]> {
    return this.#database.query<RuleRow>(
      `UPDATE alert_rules r SET leased_until = ${UNTIL} FROM (
         SELECT id FROM alert_rules WHERE enabled AND evaluated_at < $1 AND leased_until <= clock_timestamp()
         ORDER BY evaluated_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
       ) due WHERE r.id = due.id RETURNING ${RULE}`,
      [before, limit, leaseMs],
    );
  }

  /** One statement, and so one transaction: no state without its message, and no message without its state. */
  async found(rule: StoredAlertRule, finding: AlertFinding, state: AlertState, messageId: string): Promise<boolean> {
    const kept = await this.#database.execute(
      `WITH kept AS (
         UPDATE alert_rules SET finding = $5, evaluated_at = $6, state = $7, leased_until = '-infinity',
           state_since = CASE WHEN state = $7 THEN state_since ELSE $6 END
         WHERE app_id = $1 AND id = $2 AND updated_at = $3 AND state = $4 RETURNING id
       ), told AS (
         INSERT INTO alert_messages (id, rule_id, kind, at, finding, delivery)
         SELECT $8, id, CASE $7 WHEN 'firing' THEN 'firing' ELSE 'resolved' END, $6, $5, 'pending' FROM kept WHERE $4 <> $7
       ) SELECT id FROM kept`,
      [rule.appId, rule.id, rule.updatedAt, rule.state, JSON.stringify(finding), finding.at, state, messageId],
    );
    return kept > 0;
  }

  async claimMessages(now: number, limit: number, leaseMs: number): Promise<readonly DueAlertMessage[]> {
    const rows = await this.#database.query<{ message: StoredAlertMessage; rule_id: string }>(
      `WITH claimed AS (
         UPDATE alert_messages m SET leased_until = ${UNTIL} FROM (
           SELECT id FROM alert_messages
           WHERE delivery = 'pending' AND next_at <= $1 AND leased_until <= clock_timestamp()
           ORDER BY at, id LIMIT $2 FOR UPDATE SKIP LOCKED
         ) due WHERE m.id = due.id RETURNING m.*
       ), told AS (SELECT ${MESSAGE} FROM claimed m JOIN alert_rules r ON r.id = m.rule_id)
       SELECT to_json(told) AS message, "ruleId" AS rule_id FROM told ORDER BY at, id`,
      [now, limit, leaseMs],
    );
    const rules = await this.#database.query<RuleRow>(`SELECT ${RULE} FROM alert_rules r WHERE id = ANY($1)`, [
      rows.map((row) => row.rule_id),
    ]);
    return rows.flatMap(({ message }) => {
      const rule = rules.find(({ id }) => id === message.ruleId);
      return rule === undefined ? [] : [{ message, rule }];
    });
  }

  async attempted(
    messageId: string,
    {
      delivered,
      error,
      nextAt,
    }: { readonly delivered: boolean; readonly error: string | null; readonly nextAt?: number },
  ): Promise<void> {
    const delivery = delivered ? "delivered" : nextAt === undefined ? "failed" : "pending";
    await this.#database.execute(
      `UPDATE alert_messages SET attempts = attempts + 1, error = $2, delivery = $3, next_at = $4, leased_until = '-infinity'
       WHERE id = $1 AND delivery = 'pending'`,
      [messageId, error, delivery, nextAt ?? 0],
    );
  }

  async record(message: StoredAlertMessage): Promise<void> {
    const { id, ruleId, kind, at, finding, delivery, attempts, error } = message;
    await this.#database.execute(
      `INSERT INTO alert_messages (id, rule_id, kind, at, finding, delivery, attempts, error)
       SELECT $1, id, $3, $4, $5, $6, $7, $8 FROM alert_rules WHERE id = $2`,
      [id, ruleId, kind, at, finding === null ? null : JSON.stringify(finding), delivery, attempts, error],
    );
  }

  async history(
    appId: string,
    { limit, ruleId }: { readonly limit: number; readonly ruleId?: string },
  ): Promise<readonly StoredAlertMessage[]> {
    if (ruleId !== undefined && !storable(ruleId)) return [];
    return this.#database.query<MessageRow>(
      `SELECT ${MESSAGE} FROM alert_messages m JOIN alert_rules r ON r.id = m.rule_id
       WHERE r.app_id = $1 AND ($2::text IS NULL OR m.rule_id = $2) ORDER BY m.at DESC, m.id DESC LIMIT $3`,
      [appId, ruleId ?? null, limit],
    );
  }
}

const fieldsOf = (rule: AlertRuleFields): readonly unknown[] => [
  rule.name,
  rule.metric,
  rule.filter,
  JSON.stringify(rule.condition),
  rule.windowMs,
  rule.minViews,
  rule.webhookUrl,
  rule.enabled,
];
