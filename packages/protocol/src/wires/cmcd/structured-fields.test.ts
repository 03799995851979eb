import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_ITEMS, MAX_KEYS, parseDictionary, StructuredFieldError } from "./structured-fields.js";

const read = (text: string) => Object.fromEntries(parseDictionary(text));

describe("a dictionary", () => {
  test.each<[string, object]>([
    ["", {}],
    ["  ", {}],
    ["bs", { bs: true }],
    ["bg=?0,su=?1", { bg: false, su: true }],
    ["br=3200, d=4004,\tmtp=25400", { br: 3200, d: 4004, mtp: 25_400 }],
    ["pr=1.08,ltc=-5", { pr: 1.08, ltc: -5 }],
    ['sid="6e2fb550-c457-11e9-bb97-0800200c9a66"', { sid: "6e2fb550-c457-11e9-bb97-0800200c9a66" }],
    ['cid="a \\"b\\" \\\\c"', { cid: 'a "b" \\c' }],
    ['cid="Привет"', { cid: "Привет" }],
    ["ot=av,sf=h", { ot: { token: "av" }, sf: { token: "h" } }],
    [
      "br=(5000;v 128;a)",
      {
        br: [
          { value: 5000, params: { v: true } },
          { value: 128, params: { a: true } },
        ],
      },
    ],
    ['nor=("a.m4s" "b.m4s";r="0-99")', { nor: ["a.m4s", { value: "b.m4s", params: { r: "0-99" } }] }],
    ["bl=()", { bl: [] }],
    ["bl=( 1  2 )", { bl: [1, 2] }],
    [
      "com.example-key=:aGk=:,com.example-At=@1700000000",
      {
        "com.example-key": { bytes: "aGk=" },
        "com.example-At": { date: 1_700_000_000 },
      },
    ],
    ["d=1;x=2", { d: { value: 1, params: { x: 2 } } }],
    ["a=1,b=2,a=3", { b: 2, a: 3 }],
    ["constructor=1,toString=x", { constructor: 1, toString: { token: "x" } }],
  ])("is read: %s", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ["a=", "character 2: a value is expected, but it ends"],
    ["a=1,", "a key after the comma is expected"],
    ["a=1 b=2", 'a comma is expected, but there is "b=2"'],
    ["=1", "a key"],
    ["__proto__=1", "a key"],
    ['a="open', "a whole string"],
    ['a="nul\0"', "a whole string"],
    ['a="bad \\escape"', "a whole string"],
    ["a=?2", "?0 or ?1"],
    ["a=(1 2", "a space or a closing bracket"],
    ["a=(1,2)", "a space or a closing bracket"],
    ["a=(1 2);x", "a list without parameters"],
    ["a=1234567890123456", "a value"],
    ["a=1.2.3", "a value"],
    ["a=:no end", "base64"],
    ["ä=1", "a key"],
    [Array.from({ length: MAX_KEYS + 1 }, (_, i) => `k${i}`).join(), `at most ${MAX_KEYS} keys`],
    [`a=(${"1 ".repeat(MAX_ITEMS + 1)})`, `at most ${MAX_ITEMS} items`],
    [`a=1${";x".repeat(3)}${Array.from({ length: MAX_ITEMS + 1 }, (_, i) => `;p${i}`).join("")}`, "parameters"],
  ])("is refused with the place and what is wanted there: %s", (text, message) => {
    expect(() => read(text)).toThrow(StructuredFieldError);
    expect(() => read(text)).toThrow(message);
  });

  test("may be any text without another throw, in time that grows with its length", () => {
    const parts = fc.constantFrom(
      ...Array.from('ab=1,;()"\\?:@ \t-.*_'),
      "(",
      ";v",
      '"x"',
      "?0",
      "999999999999999",
      "\0",
      "\ud800",
      "é",
    );
    const near = fc.array(parts, { maxLength: 60 }).map((some) => some.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), near), (text) => {
        try {
          for (const value of parseDictionary(text).values()) expect(value).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(StructuredFieldError);
        }
      }),
      { seed: 8484, numRuns: 2_000 },
    );
    const million = 1_000_000;
    for (const hostile of [
      "(".repeat(million),
      `a=(${" ".repeat(million)}`,
      `a="${"\\\\".repeat(million)}`,
      `a=1${";p".repeat(million)}`,
    ]) {
      const startedAt = performance.now();
      let problem: unknown;
      try {
        parseDictionary(hostile);
      } catch (error) {
        problem = error;
      }
      expect(problem === undefined || problem instanceof StructuredFieldError).toBe(true);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }
  });
});
