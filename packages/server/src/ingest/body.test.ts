import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES, readJsonBody } from "./body.js";

const read = (body: string | Buffer, encoding?: string) => readJsonBody(Buffer.from(body), encoding);

describe("a body", () => {
  test("is JSON, whatever its byte order mark and compression", async () => {
    expect(await read('{"a":"é"}')).toEqual({ json: { a: "é" }, chars: 9 });
    expect((await read('\ufeff{"a":1}')).json).toEqual({ a: 1 });
    expect((await read(gzipSync('{"a":1}'), "gzip")).json).toEqual({ a: 1 });
    expect((await read(gzipSync("[]"), " GZIP ")).json).toEqual([]);
    expect((await read(gzipSync('{"a":1}'))).json).toEqual({ a: 1 });
    expect((await read("[]", "identity")).json).toEqual([]);
  });

  test.each([
    ["nothing", undefined, undefined, "invalid_json"],
    ["no bytes", Buffer.alloc(0), undefined, "invalid_json"],
    ["half a document", Buffer.from('{"a":'), undefined, "invalid_json"],
    ["invalid UTF-8", Buffer.from([0x22, 0xff, 0x22]), undefined, "invalid_json"],
    ["a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), undefined, "invalid_json"],
    ["a compression we don't read", Buffer.from("{}"), "br", "unsupported_media_type"],
    ["two compressions", Buffer.from("{}"), "gzip, gzip", "unsupported_media_type"],
    ["no gzip", Buffer.from("{}"), "gzip", "bad_request"],
    ["half a gzip", gzipSync("{}").subarray(0, 12), "gzip", "bad_request"],
    ["half a gzip that nothing announced", gzipSync("{}").subarray(0, 12), undefined, "bad_request"],
    [
      "a gzip bomb that nothing announced",
      gzipSync(Buffer.alloc(64 * MAX_BODY_BYTES, " ")),
      undefined,
      "payload_too_large",
    ],
    ["a gzip bomb", gzipSync(Buffer.alloc(64 * MAX_BODY_BYTES, " ")), "gzip", "payload_too_large"],
  ])("of %s is refused", async (_name, body, encoding, code) => {
    await expect(readJsonBody(body, encoding)).rejects.toMatchObject({ code });
  });
});
