import type { Cue, CueReader } from "./cue.js";
import { LineSplitter } from "./lines.js";
import { milliseconds } from "./read-srt.js";

const TIMES = /^\s*(?:(\d+):)?(\d{2}):(\d{2})[.,](\d{3})\s*-->\s*(?:(\d+):)?(\d{2}):(\d{2})[.,](\d{3})(.*)$/;
/** Settings that need nothing else of their file. Regions do. */
const SETTING = /^(line|position|size|align|vertical):[\w.%,-]+$/;

/** WebVTT. Its cue text is kept as it is; style sheets, regions and notes are left out. */
export class VttReader implements CueReader {
  readonly #lines = new LineSplitter();
  #cue: { readonly startMs: number; readonly endMs: number; readonly settings: string } | undefined;
  #text: string[] = [];

  push(text: string): Cue[] {
    return this.#lines.push(text).flatMap((line) => this.#take(line));
  }

  settle(): Cue[] {
    return this.#lines.isWithinLine ? [] : this.#finish();
  }

  flush(): Cue[] {
    const last = this.#lines.end().flatMap((line) => this.#take(line));
    return [...last, ...this.#finish()];
  }

  #take(line: string): Cue[] {
    const match = TIMES.exec(line);
    if (match !== null) {
      const done = this.#finish();
      const settings = (match[9] ?? "").split(/\s+/).filter((each) => SETTING.test(each));
      const [startMs, endMs] = [milliseconds(match.slice(1, 5)), milliseconds(match.slice(5, 9))];
      this.#cue = { startMs, endMs, settings: settings.join(" ") };
      return done;
    }
    if (line.trim() === "") return this.#finish();
    if (this.#cue !== undefined) this.#text.push(line);
    return [];
  }

  #finish(): Cue[] {
    const cue = this.#cue;
    const text = this.#text.join("\n").replaceAll("-->", "--&gt;").trim();
    this.#cue = undefined;
    this.#text = [];
    return cue === undefined || text === "" || cue.endMs <= cue.startMs ? [] : [{ ...cue, text }];
  }
}
