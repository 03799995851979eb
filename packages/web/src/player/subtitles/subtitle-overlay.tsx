import type { ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import "./subtitle-overlay.css";

export interface SubtitleOverlayProps {
  readonly video: HTMLVideoElement;
  readonly cues: ReadonlySignal<readonly VTTCue[]>;
}

/** Draws cues over the picture: sized by it, above the controls while those show. */
export function SubtitleOverlay({ video, cues }: SubtitleOverlayProps) {
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const place = () => placeOver(element, video);
    const sizes = new ResizeObserver(place);
    sizes.observe(video);
    video.addEventListener("resize", place);
    const stop = cues.subscribe((now) => draw(element, now));
    return () => {
      stop();
      sizes.disconnect();
      video.removeEventListener("resize", place);
    };
  }, [video, cues]);

  return <div class="subtitles" ref={box} aria-live="off" />;
}

/** Of the picture's height and width, whichever gives the smaller letters; but never so small that a phone's can't be read. */
const HEIGHT_SHARE = 0.044;
const WIDTH_SHARE = 0.034;
const SMALLEST_PX = 15;

/** The picture lies in the middle of its element, with black beside it. */
function placeOver(box: HTMLElement, video: HTMLVideoElement): void {
  const { clientWidth: width, clientHeight: height } = video;
  const scale = Math.min(width / (video.videoWidth || width || 1), height / (video.videoHeight || height || 1));
  const picture = { width: (video.videoWidth || width) * scale, height: (video.videoHeight || height) * scale };
  const below = (height - picture.height) / 2;
  const size = Math.max(SMALLEST_PX, Math.min(picture.height * HEIGHT_SHARE, picture.width * WIDTH_SHARE));
  box.style.setProperty("--picture-x", `${(width - picture.width) / 2}px`);
  box.style.setProperty("--picture-y", `${below}px`);
  box.style.setProperty("--subtitle-size", `${size}px`);
}

function draw(box: HTMLElement, cues: readonly VTTCue[]): void {
  const rows = { top: rowOf("top"), bottom: rowOf("bottom") };
  const free: HTMLElement[] = [];
  // The same text twice, in layers, is one.
  for (const [i, cue] of cues.entries()) {
    if (cues.findIndex((other) => other.text === cue.text && other.line === cue.line) !== i) continue;
    const line = document.createElement("p");
    line.dir = "auto";
    const text = document.createElement("span");
    text.append(cue.getCueAsHTML());
    line.append(text);
    const { align } = cue;
    line.style.textAlign = align === "start" || align === "left" ? "start" : align === "center" ? "center" : "end";
    const where = typeof cue.line === "number" ? cue.line : "auto";
    if (where === "auto" || (cue.snapToLines && where < 0)) rows.bottom.append(line);
    else if (cue.snapToLines) rows.top.append(line);
    else free.push(placed(line, where, cue));
  }
  box.replaceChildren(...[rows.top, rows.bottom].filter((row) => row.childElementCount > 0), ...free);
}

function rowOf(place: "top" | "bottom"): HTMLElement {
  const row = document.createElement("div");
  row.className = "subtitles-row";
  row.dataset["place"] = place;
  return row;
}

/** A sign stands where the film's own is. */
function placed(line: HTMLElement, top: number, { position, align }: VTTCue): HTMLElement {
  const x = typeof position === "number" ? position : 50;
  const shift = align === "start" || align === "left" ? 0 : align === "center" ? -50 : -100;
  line.className = "subtitles-sign";
  Object.assign(line.style, { top: `${top}%`, left: `${x}%`, transform: `translateX(${shift}%)` });
  return line;
}
