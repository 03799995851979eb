import { Totals } from "@playhead/protocol";
import { type DistributedField, distributedFields } from "@playhead/store";
import { AppError } from "../errors.js";

const totalNames: readonly string[] = Object.keys(Totals.properties);
const isDistributed = (name: string): name is DistributedField => distributedFields.some((field) => field === name);

/**
 * `metric` of a query: names with commas between them. The totals are always answered, so what remains to be computed are the
 * distributions among them.
 * @throws {AppError} `bad_request` that lists the names.
 */
export function parseMetrics(value: string | undefined): readonly DistributedField[] {
  const names = new Set((value ?? "").split(",").filter((name) => name !== ""));
  for (const name of names) {
    if (totalNames.includes(name) || isDistributed(name)) continue;
    throw new AppError("bad_request", {
      message: `metric is "${name.slice(0, 64)}", but must be of ${distributedFields.join(", ")} (distributions), ${totalNames.join(", ")}.`,
    });
  }
  return [...names].filter(isDistributed);
}
