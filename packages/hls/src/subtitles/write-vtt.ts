import type { Cue } from "./cue.js";

/**
 * The head of a WebVTT segment (RFC 8216 §3.5). Cue times are the presentation's, and so are the fragments' (`tfdt` counts
 * from the presentation's start), so that time 0 of both is the same moment.
 */
export const VTT_SEGMENT_HEAD = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n";
/** The head of a file of its own. */
export const VTT_HEAD = "WEBVTT\n";

/** Each cue with the empty line before it, so that pieces can be put one after another. */
export function vttCues(cues: readonly Cue[]): string {
  return cues
    .map(({ startMs, endMs, settings, text }) => {
      const times = `${vttTime(startMs)} --> ${vttTime(endMs)}`;
      return `\n${settings === "" ? times : `${times} ${settings}`}\n${text}\n`;
    })
    .join("");
}

/** `01:02:03.004` */
export function vttTime(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const pad = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, "0");
  return `${pad(whole / 3_600_000, 2)}:${pad((whole / 60_000) % 60, 2)}:${pad((whole / 1000) % 60, 2)}.${pad(whole % 1000, 3)}`;
}
