import { attempt, guard } from "./guard.js";

/** Ends an observation. Safe to call twice. */
export type Stop = () => void;

/**
 * Listens to several DOM events with one handler that cannot throw into the page. A target that is missing or whose
 * `addEventListener` fails is not observed, and that is all. With `capture`, events of what lies in the target as well.
 */
export function listen(
  target: EventTarget | null | undefined,
  types: readonly string[],
  handler: (event: Event) => void,
  capture = false,
): Stop {
  const safe = guard(handler);
  attempt(() => {
    for (const type of types) target?.addEventListener(type, safe, capture);
  });
  return () => {
    attempt(() => {
      for (const type of types) target?.removeEventListener(type, safe, capture);
    });
  };
}

/** Starts observers one by one, so that one that fails costs only itself; stops them all together. */
export function startAll(observers: readonly (() => Stop)[]): Stop {
  const stops = observers.map((start) => attempt(start));
  return () => {
    for (const stop of stops.splice(0)) attempt(() => stop?.());
  };
}

/** A repeating timer whose callback cannot throw into the page. */
export function every(ms: number, work: () => void): Stop {
  const timer = setInterval(guard(work), ms);
  return () => clearInterval(timer);
}
