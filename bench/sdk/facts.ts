import type { Report } from "./world.js";

/** One thing that an SDK reported. */
export interface Fact {
  /** What tells it from every other one of its view: the wire's own id, else all that it says. */
  readonly id: string;
  /** Place in the view, where the wire numbers its facts. */
  readonly seq?: number;
  /** Unix time, ms. */
  readonly at: number;
  readonly kind: "stall-start" | "stall-end" | "end" | "other";
  /** Of a stall told in one piece, ms. */
  readonly stallMs?: number;
}

type Fields = Readonly<Record<string, unknown>>;
const number = (value: unknown) => Number(value);

/** Reads one report of each SDK: the wires are what their collectors are sent (seen, and for CMCD CTA-5004-B). */
export const readers = {
  playhead: (body) =>
    eventsOf(body).map(({ id, seq, ts, type, durationMs }) => ({
      id: String(id),
      seq: number(seq),
      at: number(ts),
      ...(type === "rebuffer_end"
        ? { kind: "stall-end", stallMs: number(durationMs) }
        : { kind: type === "end" ? "end" : "other" }),
    })),
  mux: (body) =>
    eventsOf(body).map(({ xid, xsqno, uti, e }) => ({
      id: `${String(xid)} ${number(xsqno)}`,
      seq: number(xsqno),
      at: number(uti),
      kind: kindOf(e, { rebufferstart: "stall-start", rebufferend: "stall-end", viewend: "end" }),
    })),
  eyevinn: (body) => {
    const { event, timestamp } = json(body);
    return [
      {
        id: body,
        at: number(timestamp),
        kind: kindOf(event, { buffering: "stall-start", buffered: "stall-end", stopped: "end" }),
      },
    ];
  },
  bitmovin: (body) => {
    const { impressionId, sequenceNumber, buffered, time } = json(body);
    if (sequenceNumber === undefined) return [];
    return [
      {
        id: `${String(impressionId)} ${number(sequenceNumber)}`,
        seq: number(sequenceNumber),
        at: number(time),
        ...(number(buffered) > 0 ? { kind: "stall-end", stallMs: number(buffered) } : { kind: "other" }),
      },
    ];
  },
  cmcd: (body) =>
    body
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const value = (key: string) => new RegExp(`(?:^|,)${key}=([^,]*)`).exec(line)?.[1];
        return {
          id: `${value("sid")} ${value("sn")}`,
          seq: number(value("sn")),
          at: number(value("ts")),
          // Whatever state follows a rebuffering ends it.
          kind: value("e") === "ps" ? (value("sta") === "r" ? "stall-start" : "stall-end") : "other",
        };
      }),
} satisfies Record<string, (body: string) => Fact[]>;

export type Wire = keyof typeof readers;

export const factsOf = (wire: Wire, reports: readonly Report[]): Fact[] =>
  reports.flatMap(({ body }) => (body === "" ? [] : readers[wire](body)));

/** The stalls that the facts tell of, in order. */
export function stallsOf(facts: readonly Fact[]): { at: number; ms: number }[] {
  const stalls: { at: number; ms: number }[] = [];
  let since: number | undefined;
  for (const { at, kind, stallMs } of facts.toSorted((a, b) => a.at - b.at)) {
    if (kind === "stall-start") since ??= at;
    if (kind !== "stall-end") continue;
    if (stallMs !== undefined) stalls.push({ at: at - stallMs, ms: stallMs });
    else if (since !== undefined) stalls.push({ at: since, ms: at - since });
    since = undefined;
  }
  return stalls;
}

const json = (body: string): Fields => JSON.parse(body);
const eventsOf = (body: string): Fields[] => JSON.parse(body).events;
const kindOf = (name: unknown, kinds: Readonly<Record<string, Fact["kind"]>>): Fact["kind"] =>
  kinds[String(name)] ?? "other";
