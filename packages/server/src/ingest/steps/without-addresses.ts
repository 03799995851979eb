import type { Step } from "../pipeline.js";

/** Names under which players send the viewer's network address. Lower case, without `_` and `-`. */
const names: ReadonlySet<string> = new Set([
  "ip",
  "ipaddress",
  "ipaddr",
  "clientip",
  "remoteip",
  "userip",
  "viewerip",
  "remoteaddr",
  "remoteaddress",
  "xforwardedfor",
]);

/** An address identifies a person, and no metric needs it: it is neither taken from the connection nor from the body. */
export const withoutAddresses: Step = {
  name: "without addresses",
  run(record) {
    const event = clean(record.event);
    const context = clean(record.context);
    return event === record.event && context === record.context ? record : { ...record, event, context };
  },
};

/** The object without such fields, at any depth; the same object when it has none. How deep it is was checked with its schema. */
function clean<T extends object>(object: T): T {
  let copy: T | undefined;
  for (const [key, value] of Object.entries(object)) {
    const drop = isAddress(key);
    const cleaned = drop ? undefined : cleanValue(value);
    if (!drop && cleaned === value) continue;
    copy ??= { ...object };
    if (drop) Reflect.deleteProperty(copy, key);
    else Reflect.set(copy, key, cleaned);
  }
  return copy ?? object;
}

function cleanValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? cleanItems(value) : clean(value);
}

function cleanItems(items: readonly unknown[]): readonly unknown[] {
  const cleaned = items.map(cleanValue);
  return cleaned.some((item, i) => item !== items[i]) ? cleaned : items;
}

const LONGEST = 16;
const isAddress = (key: string): boolean =>
  key.length <= LONGEST &&
  /^(ip|client|remote|user|viewer|x)/i.test(key) &&
  names.has(key.replaceAll(/[_-]/g, "").toLowerCase());
