import { type ReadonlySignal, signal } from "@preact/signals";

/** One text track on a video element, whichever way the film comes: the element keeps the time. */
export interface SubtitleTrack {
  /** The cues that show now. */
  readonly cues: ReadonlySignal<readonly VTTCue[]>;
  /** Shows another one, or none. @param url the whole track as WebVTT. */
  show(url: string | undefined): void;
  stop(): void;
}

const RETRY_MS = 3_000;
const MAX_RETRIES = 5;

/**
 * The browser reads the track as it arrives and knows which cues are due; showing them is up to us, for browsers place them
 * under our controls and draw them each in its own way. Only where the system takes the picture over, it shows them itself.
 */
export function createSubtitleTrack(video: HTMLVideoElement): SubtitleTrack {
  const cues = signal<readonly VTTCue[]>([]);
  const stop = new AbortController();
  let element: HTMLTrackElement | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let mode: TextTrackMode = "hidden";

  const look = (atS = video.currentTime) => {
    const due = element ? dueCues(element.track, atS) : [];
    const now = cues.peek();
    if (due.length !== now.length || due.some((cue, i) => cue !== now[i])) cues.value = due;
  };

  // The browser tells of cues when it comes to it, on a busy machine some pictures late: so each picture brings its own.
  const onFrame = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
    if (stop.signal.aborted) return;
    look(mediaTime);
    video.requestVideoFrameCallback(onFrame);
  };
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(onFrame);

  const clear = () => {
    clearTimeout(retry);
    element?.remove();
    element = undefined;
    cues.value = [];
  };

  const load = (url: string, attempt: number) => {
    clear();
    const track = document.createElement("track");
    track.kind = "subtitles";
    const address = new URL(url, location.href);
    // What is said here is read first.
    address.searchParams.set("at", String(Math.round(video.currentTime * 1000)));
    track.src = address.href;
    track.addEventListener("error", () => {
      if (element !== track || attempt >= MAX_RETRIES) return;
      retry = setTimeout(() => load(url, attempt + 1), RETRY_MS);
    });
    track.addEventListener("load", () => look());
    track.track.addEventListener("cuechange", () => look());
    element = track;
    video.append(track);
    track.track.mode = mode;
  };

  const { signal: stopped } = stop;
  video.addEventListener("seeked", () => look(), { signal: stopped });
  for (const [event, next] of [
    ["webkitbeginfullscreen", "showing"],
    ["webkitendfullscreen", "hidden"],
  ] as const) {
    video.addEventListener(
      event,
      () => {
        mode = next;
        if (element) element.track.mode = mode;
      },
      { signal: stopped },
    );
  }

  return {
    cues,
    show: (url) => (url === undefined ? clear() : load(url, 0)),
    stop() {
      stop.abort();
      clear();
    },
  };
}

/** More than ever begin before the one that began last, and show still. */
const LOOK_BACK = 40;

/** The cues that show at a moment. The list is in the order of beginnings; one from long before is known to be active. */
function dueCues({ cues, activeCues }: TextTrack, atS: number): readonly VTTCue[] {
  if (!cues) return [];
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cues[middle]?.startTime ?? 0) <= atS) low = middle + 1;
    else high = middle;
  }
  const near = [...(activeCues ?? [])];
  for (let i = Math.max(0, low - LOOK_BACK); i < low; i++) {
    const cue = cues[i];
    if (cue && !near.includes(cue)) near.push(cue);
  }
  return near
    .filter((cue): cue is VTTCue => cue instanceof VTTCue && cue.startTime <= atS && cue.endTime > atS)
    .toSorted((a, b) => a.startTime - b.startTime);
}
