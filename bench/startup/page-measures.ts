declare global {
  interface Window {
    /** Page opened → a film that is not shown yet stands at its first picture, ms. */
    filmReady: Promise<number>;
    /** Click → first picture, and → the first one after it, ms. */
    firstFrame: Promise<{ ms: number; movingMs: number; width: number; height: number }>;
    seekToFrame: (video: HTMLVideoElement, to: number) => Promise<number>;
    /** Begins to watch for a click on the seek bar. */
    watchSeekClick: (video: HTMLVideoElement) => void;
    /** Button down → frame of the place that it led to, ms. */
    seekClick: Promise<number>;
  }
}

/** Runs in the page, from its start: measures from the first click to the first frame that the compositor was given. */
export function watchFirstFrame(): void {
  window.filmReady = new Promise((resolve) => {
    const create = document.createElement.bind(document);
    document.createElement = (name: string, options?: ElementCreationOptions) => {
      const element = create(name, options);
      if (name === "video") element.addEventListener("loadeddata", () => resolve(performance.now()), { once: true });
      return element;
    };
  });
  window.firstFrame = new Promise((resolve) => {
    let clickAt: number | undefined;
    addEventListener("click", (event) => (clickAt ??= event.timeStamp), true);
    const seen = new WeakSet<HTMLVideoElement>();
    const look = () => {
      const video = document.querySelector("video");
      if (video && !seen.has(video)) {
        seen.add(video);
        const since = (now: number) => now - (clickAt ?? now);
        const frame = () => new Promise<number>((done) => video.requestVideoFrameCallback(done));
        // One that stood ready was given to the compositor long ago. It is seen with the page around it, which is painted
        // before the second frame of that begins; the next that the compositor is given is its second picture.
        const stoodReady = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
        const painted = () =>
          new Promise<number>((done) => requestAnimationFrame(() => requestAnimationFrame((now) => done(now))));
        const first = stoodReady ? painted() : frame();
        const second = stoodReady ? frame() : first.then(frame);
        void Promise.all([first, second]).then(([at, movingAt]) =>
          resolve({ ms: since(at), movingMs: since(movingAt), width: video.videoWidth, height: video.videoHeight }),
        );
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    addEventListener("DOMContentLoaded", look);
  });
  const frameFrom = (video: HTMLVideoElement, to: number, startedAt: number) =>
    new Promise<number>((resolve) => {
      const look = (now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
        // A frame of the old place may still be on its way.
        if (!video.seeking && Math.abs(mediaTime - to) < 2) resolve(now - startedAt);
        else video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
    });
  window.seekToFrame = (video, to) => {
    const startedAt = performance.now();
    video.currentTime = to;
    return frameFrom(video, to, startedAt);
  };
  window.watchSeekClick = (video) => {
    window.seekClick = new Promise((resolve) => {
      let downAt = Number.NaN;
      addEventListener("pointerdown", (event) => (downAt = event.timeStamp), { once: true, capture: true });
      video.addEventListener("seeking", () => resolve(frameFrom(video, video.currentTime, downAt)), { once: true });
    });
  };
}
