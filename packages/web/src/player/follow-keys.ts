import { type Command, commandFor, nextSpeed } from "./keyboard.js";

export interface FollowKeysOptions {
  readonly video: HTMLVideoElement;
  /** What goes full screen. */
  readonly frame: HTMLElement;
  readonly onLeave: () => void;
  readonly onCaptions: () => void;
  readonly onNext: (clickedAt: number) => void;
  readonly onPrevious: (clickedAt: number) => void;
  readonly onSkipPart: () => void;
  readonly onShowKeys: () => void;
  /** Of one picture, seconds. */
  readonly frameS: number;
}

/** Lets the keyboard drive the player wherever the focus is. Returns its stop function. */
export function followKeys(options: FollowKeysOptions): () => void {
  const stop = new AbortController();
  addEventListener(
    "keydown",
    (event) => {
      // What lies over the player has its own keys, wherever the focus went.
      if (event.defaultPrevented || isTyping(event) || document.querySelector("dialog[open]")) return;
      const command = commandFor(event);
      if (!command || (event.repeat && !repeats.has(command.do))) return;
      event.preventDefault();
      run(command, options, event.timeStamp);
    },
    { signal: stop.signal },
  );
  return () => stop.abort();
}

/** What goes on while its key is held down. */
const repeats: ReadonlySet<Command["do"]> = new Set(["skip", "step", "volume", "speed"]);

/**
 * A focused button takes the space bar for itself, a slider its arrows, a field everything. Only the seek bar leaves its
 * arrows to the player: a click on it must not make them jump by a share of the film.
 */
function isTyping(event: KeyboardEvent): boolean {
  const path = event.composedPath();
  const [target] = path;
  if (!(target instanceof HTMLElement)) return false;
  if (path.some((each) => each instanceof Element && each.localName === "media-time-range")) return false;
  if (target instanceof HTMLInputElement) return target.type !== "range" || event.key.startsWith("Arrow");
  const presses = event.key === " " || event.key === "Enter";
  const button = target.closest("button, a, [role=button]") !== null || /^media-.*-button$/.test(target.localName);
  return presses && button;
}

function run(command: Command, options: FollowKeysOptions, pressedAt: number): void {
  const { video, frame, onLeave, onCaptions } = options;
  switch (command.do) {
    case "toggle-play":
      if (video.paused) video.play().catch(() => undefined);
      else video.pause();
      return;
    case "skip":
      return seek(video, video.currentTime + command.seconds);
    case "seek-share":
      return seek(video, video.duration * command.share);
    case "volume":
      video.volume = Math.min(1, Math.max(0, video.volume + command.by));
      video.muted = video.volume === 0;
      return;
    case "toggle-mute":
      video.muted = !video.muted;
      return;
    case "toggle-fullscreen":
      return toggleFullscreen(frame);
    case "toggle-captions":
      return onCaptions();
    case "next-episode":
      return options.onNext(pressedAt);
    case "previous-episode":
      return options.onPrevious(pressedAt);
    case "skip-part":
      return options.onSkipPart();
    case "show-keys":
      return options.onShowKeys();
    case "step":
      if (video.paused) seek(video, video.currentTime + command.frames * options.frameS);
      return;
    case "speed":
      video.playbackRate = nextSpeed(video.playbackRate, command.step);
      return;
    case "leave":
      // In full screen the browser takes Escape for itself, to end that first.
      if (!document.fullscreenElement) onLeave();
  }
}

export function toggleFullscreen(frame: HTMLElement): void {
  if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
  else frame.requestFullscreen?.().catch(() => undefined);
}

export function seek(video: HTMLVideoElement, toS: number): void {
  if (Number.isFinite(video.duration)) video.currentTime = Math.min(video.duration, Math.max(0, toS));
}
