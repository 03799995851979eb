import { randomUUID } from "node:crypto";
import type { AlertTestReply } from "@playhead/protocol";
import type { AlertStore, DueAlertMessage, StoredAlertRule, ViewStore } from "@playhead/store";
import type { FastifyBaseLogger } from "fastify";
import { evaluate, stateAfter } from "./evaluate.js";
import { messageBody } from "./message.js";
import { type Sent, send, type Webhook } from "./webhook.js";

/** Rules are looked at so often. */
const EVERY_MS = 60_000;
/** And the loop turns so often, for rules that came due meanwhile and messages to try again. */
const TURN_MS = 10_000;
/** Longer than a rule takes to look at, or a message to send: who holds a lease this long has died. */
const LEASE_MS = 60_000;
const AT_ONCE = 20;
/** An attempt, and eight more: over a little more than three hours in all. */
const FIRST_RETRY_MS = 10_000;
const LAST_RETRY_MS = 3_600_000;
export const MAX_ATTEMPTS = 9;

/** How long to wait after so many failed attempts, ms; undefined to give up. */
export function retryAfter(attempts: number): number | undefined {
  return attempts >= MAX_ATTEMPTS ? undefined : Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 3 ** (attempts - 1));
}

export interface AlertsOptions {
  readonly alerts: AlertStore;
  readonly views: ViewStore;
  readonly log: FastifyBaseLogger;
  readonly now?: () => number;
}

/** Looks at the rules, and sends what has to be told. */
export interface Alerts {
  /** Looks at what is due, sends what is due, once. */
  turn(): Promise<void>;
  /** Sends a test by a rule's webhook, once, and tells what came of it. */
  test(rule: StoredAlertRule): Promise<AlertTestReply>;
  start(): void;
  /** Gives up what is under way: it stays due, and another server, or the next start, takes it. */
  stop(): Promise<void>;
}

export function createAlerts({ alerts, views, log, now = Date.now }: AlertsOptions): Alerts {
  const ending = new AbortController();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let away = false;

  const look = async (rule: StoredAlertRule) => {
    try {
      const finding = await evaluate(views, rule, now());
      const state = stateAfter(rule.state, finding);
      const kept = await alerts.found(rule, finding, state, randomUUID());
      if (kept && state !== rule.state) log.info({ rule: rule.name, state, ...finding }, "An alert changed its state");
    } catch (error) {
      // Its lease runs out, and it is looked at again.
      log.warn({ err: error, rule: rule.name }, "An alert rule could not be looked at");
    }
  };

  const deliver = async ({ message, rule }: DueAlertMessage) => {
    const sent = await post(rule, message.id, messageBody(rule, message));
    if (ending.signal.aborted && !sent.delivered) return;
    const waitMs = sent.again ? retryAfter(message.attempts + 1) : undefined;
    const nextAt = sent.delivered || waitMs === undefined ? {} : { nextAt: now() + waitMs };
    await alerts.attempted(message.id, { delivered: sent.delivered, error: sent.error, ...nextAt });
    if (sent.delivered) log.info({ rule: rule.name, kind: message.kind }, "An alert was sent");
    else log.warn({ rule: rule.name, reason: sent.error, waitMs }, "An alert could not be sent");
  };

  const post = (rule: StoredAlertRule, id: string, body: string): Promise<Sent> => {
    const webhook: Webhook = { url: rule.webhookUrl, secret: rule.secret, id, body };
    return send(webhook, now(), ending.signal);
  };

  const turn = async () => {
    for (;;) {
      const due = await alerts.claimRules(now() - EVERY_MS, AT_ONCE, LEASE_MS);
      for (const rule of due) await look(rule);
      if (due.length < AT_ONCE || ending.signal.aborted) break;
    }
    // One round: what fails is due again later.
    await Promise.all((await alerts.claimMessages(now(), AT_ONCE, LEASE_MS)).map(deliver));
  };

  const turnSafely = async () => {
    try {
      await turn();
      if (away) log.info("Alerts are looked at again");
      away = false;
    } catch (error) {
      if (!away) log.warn({ err: error }, "Alerts can't be looked at; trying again");
      away = true;
    }
  };

  return {
    turn,
    async test(rule) {
      const at = now();
      const id = randomUUID();
      const { delivered, error } = await post(rule, id, messageBody(rule, { kind: "test", at, finding: null }));
      await alerts.record({
        appId: rule.appId,
        id,
        ruleId: rule.id,
        ruleName: rule.name,
        kind: "test",
        at,
        finding: null,
        delivery: delivered ? "delivered" : "failed",
        attempts: 1,
        error,
      });
      return { delivered, error };
    },
    start() {
      timer = setInterval(() => {
        running ??= turnSafely().finally(() => {
          running = undefined;
        });
      }, TURN_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      ending.abort();
      await running;
    },
  };
}
