import { randomUUID } from "node:crypto";
import type { AlertFinding } from "@playhead/protocol";
import { describe, expect, it } from "vitest";
import type { AlertRuleFields, AlertStore, StoredAlertRule } from "../alert-store.js";
import { newApp, start } from "./samples.js";

const LEASE_MS = 60_000;

/** Rules and messages, shared by several servers. */
export function describeAlerts(alerts: () => AlertStore): void {
  const fields: AlertRuleFields = {
    name: "It's slow",
    metric: "startupMs.p95",
    filter: "browser:eq:Firefox",
    condition: { kind: "deviation", op: "above", percent: 50, days: 7 },
    windowMs: 3_600_000,
    minViews: 50,
    webhookUrl: "https://hooks.example/x",
    enabled: true,
  };
  const make = (more: Partial<StoredAlertRule> = {}) =>
    alerts().create({ ...fields, appId: newApp(), id: randomUUID(), secret: "whsec_x", ...more }, start);
  const finding = (at: number): AlertFinding => ({
    at,
    verdict: "breached",
    value: 2.5,
    limit: 2,
    usual: null,
    views: 60,
  });
  /** Other tests' rules may be due too. */
  const claimed = async (rule: StoredAlertRule, before: number, leaseMs = LEASE_MS) =>
    (await alerts().claimRules(before, 1_000, leaseMs)).filter(({ id }) => id === rule.id);
  const due = async (rule: StoredAlertRule, now: number, leaseMs = LEASE_MS) =>
    (await alerts().claimMessages(now, 1_000, leaseMs)).filter(({ message }) => message.ruleId === rule.id);

  describe("alert rules", () => {
    it("are kept as they were made, until they are removed", async () => {
      const rule = await make();
      expect(rule).toMatchObject({ ...fields, state: "ok", stateSince: start, createdAt: start, finding: null });
      expect(await alerts().get(rule.appId, rule.id)).toEqual(rule);
      expect(await alerts().list(rule.appId)).toEqual([rule]);
      expect(await alerts().get("another app", rule.id)).toBeUndefined();
      expect(await alerts().get(rule.appId, "\0")).toBeUndefined();
      expect(await alerts().remove("another app", rule.id)).toBe(false);
      expect(await alerts().remove(rule.appId, rule.id)).toBe(true);
      expect(await alerts().remove(rule.appId, rule.id)).toBe(false);
      expect(await alerts().list(rule.appId)).toEqual([]);
    });

    it("are claimed by one server of many, and again once looked at", async () => {
      const rule = await make();
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimed(rule, start)));
      expect(claims.flat()).toHaveLength(1);
      expect(await alerts().found(rule, finding(start), "ok", randomUUID())).toBe(true);
      expect(await claimed(rule, start)).toEqual([]);
      expect(await claimed(rule, start + 1)).toHaveLength(1);
    });

    it("are claimed again when a lease is over, but not while turned off", async () => {
      const rule = await make();
      expect(await claimed(rule, start, 0)).toHaveLength(1);
      expect(await claimed(rule, start)).toHaveLength(1);
      const off = await make({ enabled: false });
      expect(await claimed(off, start)).toEqual([]);
    });

    it("start anew when they are changed", async () => {
      const rule = await make();
      await alerts().found(rule, finding(start + 1), "firing", randomUUID());
      const changed = await alerts().update(rule.appId, rule.id, { ...fields, minViews: 1 }, start + 2);
      expect(changed).toMatchObject({ minViews: 1, state: "ok", stateSince: start + 2, finding: null });
      // Whoever looked at the rule as it was is too late.
      expect(await alerts().found(rule, finding(start + 3), "ok", randomUUID())).toBe(false);
      expect(await alerts().update(rule.appId, "nobody", fields, start)).toBeUndefined();
    });
  });

  describe("alert messages", () => {
    it("come with a change of state, once, though two servers found it", async () => {
      const rule = await make();
      const kept = await Promise.all(
        [1, 2].map(() => alerts().found(rule, finding(start + 5), "firing", randomUUID())),
      );
      expect(kept.filter(Boolean)).toHaveLength(1);
      const firing = await alerts().get(rule.appId, rule.id);
      expect(firing).toMatchObject({ state: "firing", stateSince: start + 5, finding: finding(start + 5) });
      if (firing === undefined) return;
      await alerts().found(firing, finding(start + 6), "firing", randomUUID());
      expect(await alerts().get(rule.appId, rule.id)).toMatchObject({
        stateSince: start + 5,
        finding: { at: start + 6 },
      });
      await alerts().found(firing, finding(start + 7), "ok", randomUUID());
      expect((await alerts().history(rule.appId, { limit: 10 })).map(({ kind, at }) => [kind, at])).toEqual([
        ["resolved", start + 7],
        ["firing", start + 5],
      ]);
    });

    it("are sent by one server of many, tried again when it is time, and then no more", async () => {
      const rule = await make();
      const id = randomUUID();
      await alerts().found(rule, finding(start), "firing", id);
      const claims = await Promise.all(Array.from({ length: 8 }, () => due(rule, start)));
      expect(claims.flat()).toMatchObject([
        { message: { id, kind: "firing", delivery: "pending", attempts: 0 }, rule: { secret: "whsec_x", ...fields } },
      ]);
      await alerts().attempted(id, { delivered: false, error: "no answer", nextAt: start + 10 });
      expect(await due(rule, start + 9)).toEqual([]);
      expect(await due(rule, start + 10, 0)).toMatchObject([{ message: { attempts: 1, error: "no answer" } }]);
      // The server that had it died: the lease was over at once.
      expect(await due(rule, start + 10)).toHaveLength(1);
      await alerts().attempted(id, { delivered: true, error: null });
      expect(await due(rule, start + 1_000_000)).toEqual([]);
      expect(await alerts().history(rule.appId, { limit: 10 })).toMatchObject([{ delivery: "delivered", attempts: 2 }]);
    });

    it("are given up without a next time, listed newest first, and gone with their rule", async () => {
      const rule = await make();
      const id = randomUUID();
      await alerts().found(rule, finding(start), "firing", id);
      await due(rule, start);
      await alerts().attempted(id, { delivered: false, error: "gone" });
      const { appId, id: ruleId, name: ruleName } = rule;
      const sent = { kind: "test", finding: null, delivery: "delivered", attempts: 1, error: null } as const;
      await alerts().record({ appId, id: randomUUID(), ruleId, ruleName, at: start + 1, ...sent });
      const listed = await alerts().history(appId, { limit: 10, ruleId });
      expect(listed).toMatchObject([
        { ruleName, ...sent },
        { kind: "firing", delivery: "failed", error: "gone" },
      ]);
      expect(await alerts().history(appId, { limit: 1 })).toHaveLength(1);
      expect(await alerts().history(appId, { limit: 10, ruleId: "another" })).toEqual([]);
      await alerts().remove(appId, ruleId);
      expect(await alerts().history(appId, { limit: 10 })).toEqual([]);
    });
  });
}
