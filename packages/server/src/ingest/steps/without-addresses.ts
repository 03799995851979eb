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

/** The object without such fields, at its top or one level down; the same object when it has none. */
function clean<T extends object>(object: T): T {
  let copy: T | undefined;
  for (const [key, value] of Object.entries(object)) {
    if (isAddress(key)) {
      copy ??= { ...object };
      Reflect.deleteProperty(copy, key);
    } else if (isPlainObject(value) && Object.keys(value).some(isAddress)) {
      copy ??= { ...object };
      Reflect.set(copy, key, Object.fromEntries(Object.entries(value).filter(([name]) => !isAddress(name))));
    }
  }
  return copy ?? object;
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const LONGEST = 16;
const isAddress = (key: string): boolean =>
  key.length <= LONGEST &&
  /^(ip|client|remote|user|viewer|x)/i.test(key) &&
  names.has(key.replaceAll(/[_-]/g, "").toLowerCase());
