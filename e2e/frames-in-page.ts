/** What the viewer saw, frame by frame: to be given to `page.addInitScript`. */
export interface SeenFrames {
  /** Begins to look at the video element's frames; what was seen before is forgotten. */
  start(fps: number): void;
  /** Faults of the timeline: time that goes back or repeats, a seek, a wait for data that are not in the buffer. */
  readonly breaks: string[];
  /** Frames that media time went past and that never came to the screen. */
  readonly missing: number;
  /** Of those, what the browser says that it dropped itself, being busy: they were in the buffer. */
  readonly dropped: number;
  /** Seconds by which media time ran ahead of the clock at most. */
  readonly aheadS: number;
  /** Heights of the pictures, in the order in which they came. */
  readonly heights: number[];
}

/** What the page shows of its player (`window-handle.ts`), as far as tests look at it. */
interface ShownPlayer {
  readonly hls?: {
    readonly currentLevel: number;
    readonly levels: readonly { readonly uri: string }[];
    on(event: "hlsFragBuffered", listener: (event: string, data: { readonly frag: LoadedFragment }) => void): void;
  };
  readonly viewId: string;
}

interface LoadedFragment {
  readonly type: string;
  readonly level: number;
  /** Seconds. */
  readonly start: number;
}

declare global {
  interface Window {
    seenFrames: SeenFrames;
    playhead?: { readonly player: ShownPlayer };
  }
}

export function watchFramesInPage(): void {
  const breaks: string[] = [];
  const heights: number[] = [];
  let missing = 0;
  let aheadS = 0;
  let dropped = () => 0;
  window.seenFrames = {
    breaks,
    heights,
    get missing() {
      return missing;
    },
    get dropped() {
      return dropped();
    },
    get aheadS() {
      return aheadS;
    },
    start(fps) {
      breaks.length = heights.length = 0;
      missing = aheadS = 0;
      const video = document.querySelector("video")!;
      const droppedInAll = () => video.getVideoPlaybackQuality().droppedVideoFrames;
      const droppedBefore = droppedInAll();
      dropped = () => droppedInAll() - droppedBefore;
      const apart = () => video.currentTime - performance.now() / 1000;
      let lowest = apart();
      video.addEventListener("seeking", () => breaks.push(`seeking at ${video.currentTime.toFixed(3)}`));
      video.addEventListener("waiting", () => {
        const { buffered, currentTime: at } = video;
        const ranges = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)] as const);
        // A busy machine's decoder is waited for as well, with the buffer full.
        const has = ranges.some(([start, end]) => start <= at && at + 0.5 <= end);
        if (!has) breaks.push(`waiting at ${at.toFixed(3)} with ${ranges.map((range) => range.join(" to ")).join()}`);
      });
      let last: { at: number; presented: number } | undefined;
      const look = (_: number, { mediaTime, presentedFrames, height }: VideoFrameCallbackMetadata) => {
        video.requestVideoFrameCallback(look);
        const now = apart();
        lowest = Math.min(lowest, now);
        aheadS = Math.max(aheadS, now - lowest);
        if (heights.at(-1) !== height) heights.push(height);
        if (last) {
          const passed = Math.round((mediaTime - last.at) * fps);
          if (passed <= 0) breaks.push(`${last.at.toFixed(3)} → ${mediaTime.toFixed(3)}`);
          // A busy page is called once for several frames that were presented.
          missing += Math.max(0, passed - (presentedFrames - last.presented));
        }
        last = { at: mediaTime, presented: presentedFrames };
      };
      video.requestVideoFrameCallback(look);
    },
  };
}
