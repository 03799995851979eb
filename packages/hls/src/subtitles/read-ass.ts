import { type AssStyle, applyOverrides, plainStyle, readStyle, type TextState } from "./ass-style.js";
import type { Cue, CueReader } from "./cue.js";
import { LineSplitter } from "./lines.js";
import { cueSettings } from "./place.js";
import { milliseconds } from "./read-srt.js";
import { cueText, type StyledRun } from "./styled-text.js";

const TIME = /^(\d+):(\d{1,2}):(\d{1,2})(?:[.:](\d{1,3}))?$/;
/** What a script without a format line has (SubStation Alpha v4+). */
const EVENT_FIELDS = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"];
/** Picture size that coordinates count in where the script does not say. */
const PLAY_RES = { x: 384, y: 288 };

/**
 * Advanced SubStation Alpha and SubStation Alpha. Kept: line breaks, bold, italic, underline, colour (the nearest that
 * WebVTT has a name for), and the place. Dropped: drawings, karaoke timing, fonts, movements, everything else.
 */
export class AssReader implements CueReader {
  readonly #lines = new LineSplitter();
  readonly #styles = new Map<string, AssStyle>();
  readonly #playRes = { ...PLAY_RES };
  #section = "";
  #isLegacy = false;
  #styleFields: readonly string[] = [];
  #eventFields: readonly string[] = EVENT_FIELDS;

  push(text: string): Cue[] {
    return this.#lines.push(text).flatMap((line) => this.#take(line));
  }

  /** A line is a cue. */
  settle(): Cue[] {
    return [];
  }

  flush(): Cue[] {
    return this.#lines.end().flatMap((line) => this.#take(line));
  }

  #take(line: string): Cue[] {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (section !== undefined) {
      this.#section = section.toLowerCase();
      if (this.#section === "v4 styles") this.#isLegacy = true;
      return [];
    }
    const [, key = "", value = ""] = /^\s*([^:;]+?)\s*:\s*(.*)$/.exec(line) ?? [];
    switch (key.toLowerCase()) {
      case "playresx":
        this.#playRes.x = Number(value) || PLAY_RES.x;
        return [];
      case "playresy":
        this.#playRes.y = Number(value) || PLAY_RES.y;
        return [];
      case "format":
        if (this.#section.includes("styles")) this.#styleFields = fieldNames(value);
        else this.#eventFields = fieldNames(value);
        return [];
      case "style": {
        const { name, style } = readStyle(this.#styleFields, value, this.#isLegacy);
        this.#styles.set(name, style);
        return [];
      }
      case "dialogue":
        return this.#dialogue(value);
      default:
        return [];
    }
  }

  #dialogue(line: string): Cue[] {
    const fields = this.#eventFields;
    // The text is the last field, and holds commas of its own.
    const values = line.split(",");
    const value = (name: string) => values[fields.indexOf(name)]?.trim() ?? "";
    const source = values.slice(fields.length - 1).join(",");
    const startMs = timeOf(value("start"));
    const endMs = timeOf(value("end"));
    if (startMs === null || endMs === null || endMs <= startMs) return [];

    const base = this.#styleNamed(value("style"));
    const state: TextState = { ...base, drawing: false, point: undefined };
    const text = cueText(this.#runs(source, base, state));
    if (text === "") return [];
    const point = state.point && {
      x: (state.point.x / this.#playRes.x) * 100,
      y: (state.point.y / this.#playRes.y) * 100,
    };
    return [{ startMs, endMs, text, settings: cueSettings(state.alignment, point, text.split("\n").length) }];
  }

  /** ffmpeg and old scripts write a star before the default style's name. */
  #styleNamed(name: string): AssStyle {
    return this.#styles.get(name.replace(/^\*/, "")) ?? this.#styles.get("Default") ?? plainStyle;
  }

  #runs(source: string, base: AssStyle, state: TextState): readonly StyledRun[] {
    const runs: StyledRun[] = [];
    for (const part of source.split(/(\{[^}]*\})/)) {
      if (part.startsWith("{") && part.endsWith("}")) {
        applyOverrides(part, state, (name) => (name === "" ? base : this.#styleNamed(name)));
      } else if (!state.drawing) {
        const { bold, italic, underline, color } = state;
        runs.push({ text: plainText(part), bold, italic, underline, color });
      }
    }
    return runs;
  }
}

const fieldNames = (line: string) => line.split(",").map((name) => name.trim().toLowerCase());

/** `\N` breaks the line, `\n` does so in some wrapping styles, `\h` is a space that does not break. */
const plainText = (text: string): string => text.replace(/\\[Nn]/g, "\n").replaceAll("\\h", "\u00A0");

function timeOf(text: string): number | null {
  const match = TIME.exec(text);
  return match === null ? null : milliseconds(match.slice(1, 5));
}
