import { expect } from "vitest";
import { checkContext, checkEvent } from "../check-event.js";
import { decodeTelemetry } from "./decode.js";

/** For tests: what the door makes of one record, or why it refuses it. What it takes is of the canonical form. */
export function decodeOne(body: object) {
  const decoded = decodeTelemetry(body);
  const record = decoded.ok ? decoded.records[0] : undefined;
  if (!record) throw new Error("nothing decoded");
  if ("rejected" in record) return { rejected: record.rejected.message };
  expect(checkContext(record.context)).toMatchObject({ ok: true });
  expect(checkEvent(record.event)).toMatchObject({ ok: true });
  return record;
}
