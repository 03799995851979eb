import { RejectedEventError, StoreUnavailableError } from "@playhead/store";

/** @returns the SQLSTATE of a database error: five characters. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !systemCode.test(code) ? code : undefined;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Node's own: `EPIPE` is one, and looks like an SQLSTATE. */
const systemCode = /^E[A-Z]{4,}$/;

/** 22 data, 23 constraint, 54 too large or too deep for the engine. */
const refused = /^(22|23|54)/;
/** 08 connection, 53 out of disk, memory or connections, 57P shutting down or starting, 58 system; 25006 a standby; 40 lost to another. */
const away = /^(08|53|57P|58|25006|40)/;
/** What pg says, without a code, when the connection is gone. */
const disconnected =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Client was closed|end on the pool|not queryable/;

/** Whether the same statements, sent again, may simply work: a lost race, not a fault. */
export function isLostRace(error: unknown): boolean {
  return sqlState(error) === "40P01" || sqlState(error) === "40001";
}

/** Whether the database is away, as against: it answered, and the answer is an error. */
export function isAway(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return away.test(state);
  const code = codeOf(error);
  if (code !== undefined && systemCode.test(code)) return true;
  return error instanceof Error && disconnected.test(error.message);
}

/** Turns an error of the driver into the port's own, where the caller branches; others pass as they are. */
export function portError(error: unknown): unknown {
  if (error instanceof RejectedEventError || error instanceof StoreUnavailableError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isAway(error)) return new StoreUnavailableError(`The database is away: ${message}`, { cause: error });
  return error;
}

/** The same for a write of events: what the engine refuses in the data is the event's fault. */
export function writeError(error: unknown): unknown {
  const state = sqlState(error);
  if (state === undefined || !refused.test(state)) return portError(error);
  const message = error instanceof Error ? error.message : state;
  return new RejectedEventError(`The database refuses the data: ${message}`, { cause: error });
}
