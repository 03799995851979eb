import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { seek } from "./follow-keys.js";
import { createTapSeek } from "./tap-seek.js";
import "./touch-seek.css";

/** How long the mark stays after the last tap, ms. */
const MARK_MS = 700;
/** A finger that moved further, px, or stayed longer, ms, did not tap. */
const MOVE_PX = 24;
const HOLD_MS = 400;

/** Double taps on a side of the picture seek; the mark says by how much. Clicks of a mouse are left alone. */
export function TouchSeek({ video }: { video: HTMLVideoElement }) {
  const mark = useSignal<{ readonly totalS: number; readonly taps: number } | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    const seeker = createTapSeek();
    let down: PointerEvent | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    video.addEventListener(
      "pointerdown",
      (event) => (down = event.pointerType === "touch" ? event : undefined),
      options,
    );
    // Of quick taps, the controls take the later ones for clicks of a mouse, which pause.
    video.addEventListener(
      "click",
      (event) => event instanceof PointerEvent && event.pointerType === "touch" && event.stopPropagation(),
      options,
    );
    video.addEventListener(
      "pointerup",
      (event) => {
        if (!down || down.pointerId !== event.pointerId || event.timeStamp - down.timeStamp > HOLD_MS) return;
        if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > MOVE_PX) return;
        const { left, width } = video.getBoundingClientRect();
        const by = seeker.tap({ at: event.timeStamp, share: (event.clientX - left) / width });
        if (!by) return;
        seek(video, video.currentTime + by.byS);
        mark.value = { totalS: by.totalS, taps: (mark.peek()?.taps ?? 0) + 1 };
        clearTimeout(timer);
        timer = setTimeout(() => (mark.value = undefined), MARK_MS);
      },
      options,
    );
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [video, mark]);

  const now = mark.value;
  if (!now) return null;
  return (
    <div class="touch-seek" data-side={now.totalS < 0 ? "left" : "right"} role="status">
      <i class="touch-seek-ripple" key={now.taps} />
      <span class="mono">{`${now.totalS < 0 ? "−" : "+"}${Math.abs(now.totalS)} s`}</span>
    </div>
  );
}
