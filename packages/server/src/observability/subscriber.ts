import type { FastifyBaseLogger } from "fastify";
import { channels } from "./channel-list.js";
import { type Channel, listen, type Messages } from "./channels.js";

/** What is done with the messages of each channel, in a later turn of the event loop than they were published in. */
export type Handlers = { readonly [C in Channel]?: ((message: Messages[C]) => void) | undefined };

export interface SubscriberOptions {
  /** For the log and the metrics. */
  readonly name: string;
  readonly log: FastifyBaseLogger;
  /** Most messages that wait: past it they are dropped, and counted. */
  readonly maxWaiting?: number;
  /** Until what came is handled, ms. */
  readonly delayMs?: number;
}

export interface SubscriberStats {
  readonly waiting: number;
  readonly dropped: number;
  /** What handling took, ms. */
  readonly busyMs: number;
}

/** Listens without holding anybody up. */
export interface Subscriber {
  readonly name: string;
  /** Handles now what waits. */
  drain(): void;
  stats(): SubscriberStats;
  /** Handles what waits, and listens no more. */
  stop(): void;
}

/** A second's worth of the busiest server that we measured. */
const MAX_WAITING = 10_000;
/** Handled in one go; then others have their turn. */
const AT_ONCE = 250;
/** Many messages in one go cost a fraction of what each costs between two answers, when nothing of it is in the CPU's caches. */
const DELAY_MS = 100;

/** One after the other, by the same subscriber: each message is queued once for all. */
export function together(...all: readonly Handlers[]): Handlers {
  function of<C extends Channel>(channel: C, handlers: readonly Handlers[C][]): Handlers {
    const known: readonly ((message: Messages[C]) => void)[] = handlers.filter((handler) => handler !== undefined);
    const handle = (message: Messages[C]) => {
      for (const handler of known) handler(message);
    };
    return known.length === 0 ? {} : { [channel]: handle };
  }
  return Object.assign(
    {},
    ...channels.map((channel) =>
      of(
        channel,
        all.map((handlers) => handlers[channel]),
      ),
    ),
  );
}

/** A publisher pays for one entry in a list; the handlers run a moment later, some at a time, and none of their errors gets out. */
export function subscribe(handlers: Handlers, options: SubscriberOptions): Subscriber {
  const { name, log, maxWaiting = MAX_WAITING, delayMs = DELAY_MS } = options;
  let waiting: (() => void)[] = [];
  let next = 0;
  let dropped = 0;
  let scheduled = false;
  let complained = false;
  let busyMs = 0;

  function handle(most: number): void {
    const startedAt = performance.now();
    const end = Math.min(waiting.length, next + most);
    for (; next < end; next++) {
      try {
        waiting[next]?.();
      } catch (error) {
        if (!complained) log.error({ err: error, subscriber: name }, "Telemetry of the server could not be handled");
        complained = true;
      }
    }
    busyMs += performance.now() - startedAt;
    if (next < waiting.length) return;
    waiting = [];
    next = 0;
  }

  function run(): void {
    handle(AT_ONCE);
    scheduled = waiting.length > 0;
    if (scheduled) setImmediate(run);
  }

  function put(handler: () => void): void {
    if (waiting.length - next >= maxWaiting) {
      dropped += 1;
      return;
    }
    waiting.push(handler);
    if (scheduled) return;
    scheduled = true;
    // Whoever stops handles what is left: no message needs to keep the process alive.
    setTimeout(run, delayMs).unref();
  }

  function hear<C extends Channel>(channel: C, of: Handlers[C]): readonly (() => void)[] {
    const handler: ((message: Messages[C]) => void) | undefined = of;
    return handler === undefined ? [] : [listen(channel, (message) => put(() => handler(message)))];
  }
  const stops = channels.flatMap((channel) => hear(channel, handlers[channel]));

  const drain = () => handle(Number.POSITIVE_INFINITY);
  return {
    name,
    drain,
    stats: () => ({ waiting: waiting.length - next, dropped, busyMs }),
    stop() {
      for (const stop of stops) stop();
      drain();
    },
  };
}
