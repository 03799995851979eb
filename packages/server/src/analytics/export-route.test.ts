import { once } from "node:events";
import { Readable } from "node:stream";
import { foldView } from "@playhead/qoe";
import type { StoredView, ViewStore } from "@playhead/store";
import { describe, expect, test } from "vitest";
import { csvLine } from "./csv.js";
import { exportedViews } from "./export-route.js";
import { viewEvents } from "./real-store.js";

const selection = { appId: "default", from: 0, to: 1, filters: [] };
const view: StoredView = { appId: "default", ...foldView(viewEvents("v", 0, [[0, "play_request"]])) };

/** Page upon page of the same view; counts how often it was asked. */
function endless(pages: number): { readonly store: Pick<ViewStore, "list">; asked: number } {
  const counted = {
    asked: 0,
    store: {
      async list(_: unknown, { limit }: { readonly limit: number }) {
        counted.asked += 1;
        const views = Array.from({ length: limit }, () => view);
        return counted.asked < pages ? { views, next: String(counted.asked) } : { views };
      },
    },
  };
  return counted;
}

describe("CSV", () => {
  test.each([
    [["a", 1, true, null, undefined], "a,1,true,,\r\n"],
    [['say "no"', "a,b", "two\nlines"], '"say ""no""","a,b","two\nlines"\r\n'],
    [[{ plan: "free" }, ["x"]], '"{""plan"":""free""}","[""x""]"\r\n'],
    [["=1+1", "+1", "-1", "@A1", "\tx", -1], "'=1+1,'+1,'-1,'@A1,'\tx,-1\r\n"],
  ])("%j", (values, line) => {
    expect(csvLine(values)).toBe(line);
  });
});

describe("an export of views", () => {
  test("waits for who reads it", async () => {
    const counted = endless(1_000);
    // Only `list` is asked of the store.
    const rows = exportedViews(counted.store as ViewStore, selection, "ndjson");
    const stream = Readable.from(rows, { objectMode: true, highWaterMark: 1 });
    await once(stream, "readable");
    stream.read();
    await once(stream, "readable");
    expect(counted.asked).toBeLessThanOrEqual(3);
    stream.destroy();
  });

  test("has a line a view, and as many as were asked for", async () => {
    const lines = async (format: "csv" | "ndjson", most?: number) => {
      const parts: string[] = [];
      for await (const part of exportedViews(endless(3).store as ViewStore, selection, format, most)) parts.push(part);
      return parts.join("").trimEnd().split("\n");
    };
    expect(await lines("ndjson")).toHaveLength(1_500);
    expect(await lines("ndjson", 700)).toHaveLength(700);
    const csv = await lines("csv", 2);
    expect(csv[0]).toMatch(/^viewId,viewerId,mediaId,/);
    expect(csv).toHaveLength(3);
    expect(JSON.parse((await lines("ndjson", 1))[0] ?? "")).toMatchObject({ viewId: "v", exit: "open" });
  });
});
