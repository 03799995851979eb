/**
 * A structured-field dictionary (RFC 8941 §3.2), read into JSON. Strings and tokens are both text, as each key of CMCD is
 * only one of them; where that is not known ({@link SfToken}), a token is told apart. Parameters give `{value, params}`.
 */
export type SfValue = SfBare | SfItem | readonly (SfBare | SfItem)[];
export type SfBare = string | number | boolean | SfToken | SfBytes | SfDate;
export interface SfItem {
  readonly value: SfBare;
  readonly params: Readonly<Record<string, SfBare>>;
}
export interface SfToken {
  readonly token: string;
}
/** Base64, as it was sent. */
export interface SfBytes {
  readonly bytes: string;
}
/** Unix seconds (RFC 9651 §3.3.7). */
export interface SfDate {
  readonly date: number;
}

/** Most keys of one dictionary, and most items of one list; the standard has some 50 keys. */
export const MAX_KEYS = 256;
export const MAX_ITEMS = 256;

/** What is wrong with a dictionary, and where: a character's place, from 0. */
export class StructuredFieldError extends Error {
  override readonly name = "StructuredFieldError";
}

/**
 * Reads a dictionary; of a repeated key the last counts. More lenient than the RFC where senders of CMCD are: keys may have
 * capitals (its custom keys do), strings any character that prints, numbers up to 15 digits before and after the point.
 * Time and memory are bounded by the text's length, and a text with too many keys is given up at once.
 * @throws {StructuredFieldError}
 */
export function parseDictionary(text: string): ReadonlyMap<string, SfValue> {
  const reader = new Reader(text);
  const found = new Map<string, SfValue>();
  reader.skip(WHITE_SPACE);
  if (reader.atEnd()) return found;
  for (;;) {
    const key = reader.take(KEY, "a key");
    const value = reader.takeChar("=") ? reader.member() : reader.item(true);
    // What was last said of a key counts, at its last place.
    found.delete(key);
    found.set(key, value);
    if (found.size > MAX_KEYS) reader.fail(`at most ${MAX_KEYS} keys`);
    reader.skip(WHITE_SPACE);
    if (reader.atEnd()) return found;
    if (!reader.takeChar(",")) reader.fail("a comma");
    reader.skip(WHITE_SPACE);
    if (reader.atEnd()) reader.fail("a key after the comma");
  }
}

const WHITE_SPACE = /[ \t]*/y;
const KEY = /[A-Za-z*][\w.*-]{0,127}/y;
const NUMBER = /-?\d{1,15}(?:\.\d{1,15})?(?![\d.])/y;
const TOKEN = /[A-Za-z*][\w!#$%&'*+.^`|~:/-]*/y;
const BYTES = /:[A-Za-z\d+/=]*:/y;
const DATE = /@-?\d{1,15}(?!\d)/y;
/** A string's characters: none of the control characters. A quote or backslash in it takes a backslash before it. */
const STRING = /"[^"\\\p{Cc}]*(?:\\["\\][^"\\\p{Cc}]*)*"/uy;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  skip(pattern: RegExp): void {
    this.#match(pattern);
  }

  takeChar(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  take(pattern: RegExp, what: string): string {
    return this.#match(pattern) ?? this.fail(what);
  }

  fail(wanted: string): never {
    const found = this.atEnd() ? "it ends" : `there is ${JSON.stringify(this.#text.slice(this.#at, this.#at + 20))}`;
    throw new StructuredFieldError(`character ${this.#at}: ${wanted} is expected, but ${found}`);
  }

  /** The value of a key: an item, or a list of items in brackets. */
  member(): SfValue {
    if (!this.takeChar("(")) return this.item(this.#bare());
    const items: (SfBare | SfItem)[] = [];
    for (;;) {
      this.skip(WHITE_SPACE);
      if (this.takeChar(")")) break;
      items.push(this.item(this.#bare()));
      if (items.length > MAX_ITEMS) this.fail(`at most ${MAX_ITEMS} items in a list`);
      const next = this.#text[this.#at];
      if (next !== " " && next !== "\t" && next !== ")") this.fail("a space or a closing bracket");
    }
    // Parameters of a whole list: the standard has none, and a list has no place for them.
    if (this.#text[this.#at] === ";") this.fail("a list without parameters");
    return items;
  }

  item(value: SfBare): SfBare | SfItem {
    if (this.#text[this.#at] !== ";") return value;
    const params = new Map<string, SfBare>();
    while (this.takeChar(";")) {
      this.skip(WHITE_SPACE);
      const key = this.take(KEY, "a parameter's name");
      params.set(key, this.takeChar("=") ? this.#bare() : true);
      if (params.size > MAX_ITEMS) this.fail(`at most ${MAX_ITEMS} parameters`);
    }
    return { value, params: Object.fromEntries(params) };
  }

  #bare(): SfBare {
    switch (this.#text[this.#at]) {
      case '"':
        return this.take(STRING, "a whole string without control characters")
          .slice(1, -1)
          .replaceAll(/\\(["\\])/g, "$1");
      case "?":
        return this.take(/\?[01]/y, "?0 or ?1") === "?1";
      case ":":
        return { bytes: this.take(BYTES, "base64 between colons").slice(1, -1) };
      case "@":
        return { date: Number(this.take(DATE, "a date").slice(1)) };
      default: {
        const number = this.#match(NUMBER);
        if (number !== undefined) return Number(number);
        return { token: this.take(TOKEN, "a value") };
      }
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
