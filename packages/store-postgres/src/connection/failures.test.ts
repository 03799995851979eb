import { RejectedEventError, StoreUnavailableError } from "@playhead/store";
import { describe, expect, it } from "vitest";
import { isLostRace, portError, writeError } from "./failures.js";

const coded = (code: string) => Object.assign(new Error("it said so"), { code });

describe("errors of the driver", () => {
  it.each(["08006", "57P01", "57P03", "53300", "53100", "25006", "ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE"])(
    "with %s mean that the database is away",
    (code) => {
      expect(portError(coded(code))).toBeInstanceOf(StoreUnavailableError);
      expect(writeError(coded(code))).toBeInstanceOf(StoreUnavailableError);
    },
  );

  it.each(["Connection terminated unexpectedly", "timeout exceeded when trying to connect", "Query read timeout"])(
    "that say %j mean the same, without a code",
    (message) => {
      expect(portError(new Error(message))).toBeInstanceOf(StoreUnavailableError);
    },
  );

  it.each(["22021", "22P05", "22003", "23514", "54000"])("with %s are the data's fault in a write", (code) => {
    expect(writeError(coded(code))).toBeInstanceOf(RejectedEventError);
    expect(portError(coded(code))).not.toBeInstanceOf(RejectedEventError);
  });

  it("stay what they are when they are mistakes of ours", () => {
    const mistakes = [coded("42601"), new TypeError("x is not a function"), coded("42P01")];
    expect(mistakes.map(writeError)).toEqual(mistakes);
  });

  it("stay what they are when they are the port's own", () => {
    const own = [new RejectedEventError("a"), new StoreUnavailableError("b")];
    expect(own.map(writeError)).toEqual(own);
  });

  it("keep their cause", () => {
    const cause = coded("57P01");
    expect(portError(cause)).toMatchObject({ cause });
  });

  it("of a lost race can be tried again", () => {
    expect(["40P01", "40001", "23505", "EPIPE"].map((code) => isLostRace(coded(code)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
