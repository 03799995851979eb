import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { live } from "./live.js";

/** A number that moves when the open views changed, at most once in `everyMs`. */
export function usePulse(everyMs: number): number {
  const pulse = useSignal(0);
  const seen = useRef<string | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const beaten = useRef(0);

  useEffect(() => {
    const stop = live.subscribe((reply) => {
      if (!reply) return;
      const present = reply.views.map((view) => `${view.viewId} ${view.eventCount}`).join(",");
      const news = seen.current !== undefined && seen.current !== present;
      seen.current = present;
      if (!news || timer.current !== undefined) return;
      const wait = Math.max(0, beaten.current + everyMs - Date.now());
      timer.current = setTimeout(() => {
        timer.current = undefined;
        beaten.current = Date.now();
        pulse.value++;
      }, wait);
    });
    return () => {
      stop();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [everyMs, pulse]);

  return pulse.value;
}
