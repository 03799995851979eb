/** Cuts text that arrives in pieces at its line ends: LF, CR LF or CR. */
export class LineSplitter {
  #rest = "";
  #first = true;

  push(text: string): string[] {
    let all = this.#rest + text;
    if (this.#first && all !== "") {
      this.#first = false;
      if (all.startsWith("\uFEFF")) all = all.slice(1);
    }
    // A carriage return at the very end may be the first half of a line end.
    const held = all.endsWith("\r") ? "\r" : "";
    const lines = (held === "" ? all : all.slice(0, -1)).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + held;
    return lines;
  }

  get isWithinLine(): boolean {
    return this.#rest !== "";
  }

  /** The last line, where none ended it. */
  end(): string[] {
    const rest = this.#rest.replace(/\r$/, "");
    this.#rest = "";
    return rest === "" ? [] : [rest];
  }
}
