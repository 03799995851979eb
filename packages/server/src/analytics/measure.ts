import type { Measured } from "@playhead/protocol";
import {
  type CostlyTotal,
  type DistributedField,
  type GroupKey,
  noTotals,
  type ViewGrouping,
  type ViewSelection,
  type ViewStore,
} from "@playhead/store";
import { distributionsOf } from "./distributions.js";
import { withRatios } from "./totals.js";

export interface MeasuredGroup {
  readonly group: GroupKey;
  readonly measured: Measured;
}

/** Totals, ratios, and the distributions asked for, of each group of a selection. */
export async function measure(
  views: ViewStore,
  selection: ViewSelection,
  grouping: ViewGrouping,
  fields: readonly DistributedField[],
): Promise<readonly MeasuredGroup[]> {
  const [groups, distributed] = await Promise.all([
    views.grouped(selection, grouping),
    views.distributions(selection, grouping, fields),
  ]);
  const byKey = new Map(distributed.map((group) => [keyText(group), distributionsOf(group)]));
  return groups.map(({ at, values, ...totals }) => {
    const group = { ...(at === undefined ? {} : { at }), ...(values === undefined ? {} : { values }) };
    const distributions = byKey.get(keyText(group));
    return { group, measured: { ...withRatios(totals), ...(distributions === undefined ? {} : { distributions }) } };
  });
}

/** All of a selection at once; zeros and nulls where nothing is in it. */
export async function measureAll(
  views: ViewStore,
  selection: ViewSelection,
  fields: readonly DistributedField[],
  without: readonly CostlyTotal[] = [],
): Promise<Measured> {
  const [all] = await measure(views, selection, { without }, fields);
  return all?.measured ?? withRatios(noTotals);
}

/** The stretch of the same length right before. */
export function previous(selection: ViewSelection): ViewSelection {
  return { ...selection, from: selection.from - (selection.to - selection.from), to: selection.from };
}

export const keyText = ({ at, values }: GroupKey): string => JSON.stringify([at ?? null, values ?? null]);
