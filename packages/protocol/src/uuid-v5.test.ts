import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sha1 } from "./sha1.js";
import { uuidV5 } from "./uuid-v5.js";

/** RFC 9562 §6.6. */
const DNS = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

test("a name has the id that RFC 9562 gives it", () => {
  // Its appendix A.4.
  expect(uuidV5(DNS, "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
});

test("the digest is OpenSSL's for any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Buffer.from(sha1(bytes))).toEqual(createHash("sha1").update(bytes).digest());
    }),
    { seed: 8484, numRuns: 300 },
  );
});
