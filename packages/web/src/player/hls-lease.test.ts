import type { PlaybackReply } from "@playhead/protocol";
import { describe, expect, it, vi } from "vitest";
import { createHlsLease, type HlsLeaseOptions } from "./hls-lease.js";

const reply = (id: string, more: Partial<PlaybackReply> = {}): PlaybackReply => ({
  delivery: "copy",
  url: `/api/v1/hls/${id}/index.m3u8`,
  hlsSessionId: id,
  reasons: [],
  ...more,
});
const segment = (id: string) => `http://host/api/v1/hls/${id}/v0/7.m4s`;

function lease(options: Partial<HlsLeaseOptions> = {}) {
  const created = createHlsLease({
    reply: reply("one"),
    ask: async () => reply("two"),
    fetchText: async () => "playlist",
    onRenewed: () => undefined,
    onChanged: () => undefined,
    ...options,
  });
  if (!created) throw new Error("no lease");
  return created;
}

describe("createHlsLease", () => {
  it("gives none for a file delivered as it is", () => {
    const { hlsSessionId: _, ...direct } = reply("x", { delivery: "direct" });
    const options = { ask: async () => direct, fetchText: async () => "", onRenewed() {}, onChanged() {} };
    expect(createHlsLease({ reply: direct, ...options })).toBeUndefined();
  });

  it("moves addresses to the new session, also those that were made before", async () => {
    const held = lease();
    expect(await held.renew(segment("one"))).toBe(true);
    expect(held.current(segment("one"))).toBe(segment("two"));
    expect(held.current("http://host/assets/x.js")).toBe("http://host/assets/x.js");
  });

  it("asks once for all requests that fail together, and never for one that failed before the last renewal", async () => {
    const ask = vi.fn(async () => reply("two"));
    const held = lease({ ask });
    await Promise.all([held.renew(segment("one")), held.renew(segment("one"))]);
    await held.renew(segment("one"));
    expect(ask).toHaveBeenCalledTimes(1);
    expect(await held.renew(segment("two"))).toBe(true);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("refuses a session that is delivered in another way", async () => {
    const onChanged = vi.fn();
    const held = lease({ ask: async () => reply("two", { delivery: "transcode" }), onChanged });
    expect(await held.renew(segment("one"))).toBe(false);
    expect(onChanged).toHaveBeenCalledWith(expect.objectContaining({ delivery: "transcode" }));
    expect(held.id).toBe("one");
  });

  it("refuses a session whose segments are cut elsewhere", async () => {
    const held = lease({ fetchText: async () => "other" });
    held.note("http://host/api/v1/hls/one/v0/index.m3u8", "playlist");
    expect(await held.renew(segment("one"))).toBe(false);
  });

  it("takes playlists that differ in nothing but the session they name", async () => {
    const fetchText = vi.fn(async () => "/api/v1/hls/two/v0/1.m4s");
    const held = lease({ fetchText });
    held.note("http://host/api/v1/hls/one/v0/index.m3u8", "/api/v1/hls/one/v0/1.m4s");
    expect(await held.renew(segment("one"))).toBe(true);
    expect(fetchText).toHaveBeenCalledWith("http://host/api/v1/hls/two/v0/index.m3u8");
  });

  it("can be asked again after a renewal that failed", async () => {
    const ask = vi.fn().mockRejectedValueOnce(new Error("away")).mockResolvedValueOnce(reply("two"));
    const held = lease({ ask });
    await expect(held.renew(segment("one"))).rejects.toThrow("away");
    expect(await held.renew(segment("one"))).toBe(true);
  });
});

describe("a session that was made ready before Play", () => {
  it("is the one that playback is answered with: nothing changes", async () => {
    const onRenewed = vi.fn();
    const held = lease({ onRenewed });
    expect(await held.confirm(Promise.resolve(reply("one")))).toBe(true);
    expect(held.id).toBe("one");
    expect(onRenewed).not.toHaveBeenCalled();
  });

  it("has expired meanwhile: the session that playback is answered with takes its place", async () => {
    const onRenewed = vi.fn();
    const ask = vi.fn(async () => reply("three"));
    const held = lease({ onRenewed, ask });
    const confirmed = held.confirm(Promise.resolve(reply("two")));
    // A segment that finds the old one ended waits for the same answer.
    expect(await held.renew(segment("one"))).toBe(true);
    expect(await confirmed).toBe(true);
    expect(held.id).toBe("two");
    expect(ask).not.toHaveBeenCalled();
    expect(onRenewed).toHaveBeenCalledWith("two");
  });
});
