import { vi } from "vitest";
import type { BeforeSend } from "../record/recorder.js";

type Told = Parameters<BeforeSend>[0];

/**
 * A page and a video element of which a test says what happens to them, on a clock of its own: what no browser can be
 * made to do at will, such as to sleep. Call in `beforeEach`; `vi.unstubAllGlobals` and `vi.useRealTimers` take it away.
 */
export function fakePage(): { document: EventTarget & { visibilityState: string }; window: EventTarget } {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance", "Date"] });
  const document = Object.assign(new EventTarget(), { visibilityState: "visible", baseURI: "http://page.test/" });
  const window = new EventTarget();
  const globals = {
    document,
    window,
    location: new URL("http://page.test/"),
    screen: { width: 1920, height: 1080 },
    HTMLMediaElement: { HAVE_CURRENT_DATA: 2, HAVE_FUTURE_DATA: 3 },
    PageTransitionEvent: FakePageTransition,
    // A hidden page is given no frames.
    requestAnimationFrame: (then: () => void) =>
      document.visibilityState === "visible" ? setTimeout(then, 16) : undefined,
    cancelAnimationFrame: (id: ReturnType<typeof setTimeout> | undefined) => clearTimeout(id),
    fetch: () => Promise.resolve(new Response("{}")),
  };
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  return { document, window };
}

export class FakePageTransition extends Event {
  readonly persisted: boolean;
  constructor(type: string, persisted: boolean) {
    super(type);
    this.persisted = persisted;
  }
}

/** Plays in real time at its rate, as far as it is fed; tells of it as the HTML standard has it. */
export class FakeVideo extends EventTarget {
  currentSrc = "";
  src = "";
  duration = Number.NaN;
  paused = true;
  seeking = false;
  ended = false;
  loop = false;
  autoplay = false;
  readyState = 0;
  videoWidth = 0;
  videoHeight = 0;
  clientWidth = 640;
  clientHeight = 360;
  playbackRate = 1;
  error = null;
  parentElement = null;
  buffered = { length: 0, start: () => 0, end: () => 0 };
  #position = 0;
  #since = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;

  /** As the SDK takes it: it asks nothing else of an element. */
  get element(): HTMLVideoElement {
    return this as unknown as HTMLVideoElement;
  }
  get moving(): boolean {
    return this.#ticking !== undefined;
  }
  get currentTime(): number {
    const played = this.moving ? ((performance.now() - this.#since) / 1000) * this.playbackRate : 0;
    return Math.min(this.#position + played, Number.isNaN(this.duration) ? Number.POSITIVE_INFINITY : this.duration);
  }

  tell(...types: string[]): void {
    for (const type of types) {
      const event = new Event(type);
      // Node stamps its events with a clock that is not the test's.
      Object.defineProperty(event, "timeStamp", { value: performance.now() });
      this.dispatchEvent(event);
    }
  }

  /** Another source, which takes the old one away; it is there after `ms`, with data if it is not paused. */
  load(src: string, seconds: number, ms = 100): void {
    this.#stop(0);
    Object.assign(this, { src, currentSrc: src, duration: Number.NaN, ended: false, seeking: false });
    if (this.readyState > 0) this.tell("emptied");
    Object.assign(this, { readyState: 0, videoWidth: 0, videoHeight: 0 });
    this.tell("loadstart");
    vi.advanceTimersByTime(ms);
    Object.assign(this, { duration: seconds, readyState: 4, videoWidth: 640, videoHeight: 360 });
    this.tell("durationchange", "loadedmetadata", "loadeddata", "canplay");
    if (!this.paused) this.#start();
  }
  play(): void {
    this.paused = false;
    this.ended = false;
    this.tell("play");
    if (this.readyState >= 3) this.#start();
  }
  pause(): void {
    this.#stop(this.currentTime);
    this.paused = true;
    this.tell("pause");
  }
  /** There is nothing to play any more, until `feed`; the element says so so much later. */
  starve(lateMs = 0): void {
    this.#stop(this.currentTime);
    this.readyState = 2;
    vi.advanceTimersByTime(lateMs);
    this.tell("waiting");
  }
  /** It stands, and does not say so. */
  freeze(): void {
    this.#stop(this.currentTime);
    this.readyState = 2;
  }
  /** What it was told of its rate becomes true only after so long; until then it has played at `rate`. */
  lag(ms: number, rate: number): void {
    this.#position -= (ms / 1000) * (this.playbackRate - rate);
  }
  feed(): void {
    this.readyState = 4;
    this.tell("canplay");
    if (!this.paused) this.#start();
  }
  /** To a place of which there is data after `ms`. */
  seek(to: number, ms: number): void {
    this.#stop(to);
    Object.assign(this, { seeking: true, readyState: 1, ended: false });
    this.tell("seeking", "waiting");
    vi.advanceTimersByTime(ms);
    this.seeking = false;
    this.readyState = 4;
    this.tell("seeked", "canplay");
    if (!this.paused) this.#start();
  }
  end(): void {
    this.#stop(this.duration);
    Object.assign(this, { ended: true, paused: true });
    this.tell("pause", "ended");
  }
  /** Moves the element's own clock past a time in which it did not run. */
  slept(ms: number): void {
    this.#since += ms;
  }

  #start(): void {
    if (this.moving) return;
    this.#since = performance.now();
    this.#ticking = setInterval(() => this.tell("timeupdate"), 250);
    this.tell("playing");
  }
  #stop(at: number): void {
    this.#position = at;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }
}

/** Keeps what a view records, without the metrics that many events carry. */
export function witness(): { beforeSend: BeforeSend; events: Told[]; story(): string[] } {
  const events: Told[] = [];
  return {
    events,
    beforeSend: (event) => {
      events.push(event);
      return event;
    },
    /** What happened to the viewer, in order. */
    story: () =>
      events
        .map(({ type }) => type)
        .filter((type) => !["state_change", "heartbeat", "quality_change", "load", "play_request"].includes(type)),
  };
}
