import type { AlertCondition, AlertFinding, AlertMessage, AlertState } from "@playhead/protocol";

/** What an administrator has set. */
export interface AlertRuleFields {
  readonly name: string;
  readonly metric: string;
  readonly filter: string;
  readonly condition: AlertCondition;
  readonly windowMs: number;
  readonly minViews: number;
  readonly webhookUrl: string;
  readonly enabled: boolean;
}

export interface StoredAlertRule extends AlertRuleFields {
  readonly appId: string;
  readonly id: string;
  /** Signs its messages. */
  readonly secret: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly state: AlertState;
  readonly stateSince: number;
  readonly finding: AlertFinding | null;
}

export type StoredAlertMessage = AlertMessage & { readonly appId: string };

/** A message to be sent now, with where and how. */
export interface DueAlertMessage {
  readonly message: StoredAlertMessage;
  readonly rule: StoredAlertRule;
}

/**
 * Alert rules, what became of them, and messages on their way. Several servers share it: what one has claimed the others
 * leave alone until its lease is over, by the clock of the store, so that a server that died holds up nothing for long.
 */
export interface AlertStore {
  /** Makes a rule, in state `ok`. */
  create(
    rule: AlertRuleFields & Pick<StoredAlertRule, "appId" | "id" | "secret">,
    now: number,
  ): Promise<StoredAlertRule>;
  /** Replaces what an administrator has set. Another question starts anew: state `ok`, no finding, and nothing is told of that. */
  update(appId: string, id: string, rule: AlertRuleFields, now: number): Promise<StoredAlertRule | undefined>;
  /** With its history. @returns whether there was one. */
  remove(appId: string, id: string): Promise<boolean>;
  get(appId: string, id: string): Promise<StoredAlertRule | undefined>;
  /** By name. */
  list(appId: string): Promise<readonly StoredAlertRule[]>;
  /** Enabled rules that were last looked at before `before`, Unix ms, and are no other server's now; longest ago first. */
  claimRules(before: number, limit: number, leaseMs: number): Promise<readonly StoredAlertRule[]>;
  /**
   * Keeps what was found, and the state that follows; a state that is new is a message, due at once, in the same transaction.
   * Nothing is kept of a rule that was changed or whose state moved since it was read: another server was faster.
   * @returns whether it was kept.
   */
  found(rule: StoredAlertRule, finding: AlertFinding, state: AlertState, messageId: string): Promise<boolean>;
  /** Messages whose time has come, oldest first, and are no other server's now. */
  claimMessages(now: number, limit: number, leaseMs: number): Promise<readonly DueAlertMessage[]>;
  /** How a claimed message fared. With `nextAt`, Unix ms, it is tried again then. */
  attempted(
    messageId: string,
    result: { readonly delivered: boolean; readonly error: string | null; readonly nextAt?: number },
  ): Promise<void>;
  /** A message that was sent already, or never will be: a test. */
  record(message: StoredAlertMessage): Promise<void>;
  /** Newest first. */
  history(
    appId: string,
    page: { readonly limit: number; readonly ruleId?: string },
  ): Promise<readonly StoredAlertMessage[]>;
}
