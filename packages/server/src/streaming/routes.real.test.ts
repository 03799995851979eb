import { readFile, rename } from "node:fs/promises";
import path from "node:path";
import { type PlaybackReply, WARM_UP_HEADER } from "@playhead/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen, type StreamingMessages } from "./channels.js";
import { films, makeFilms } from "./testing/films.js";
import { startTestService, type TestService } from "./testing/test-service.js";

const chromium = /^(avc1|mp4a\.40)/;
let folder: string;
let remove: () => Promise<void>;
let service: TestService;
let file: Buffer;

beforeAll(async () => {
  ({ folder, remove } = await makeFilms("mp4", "irregular", "avi"));
  file = await readFile(path.join(folder, films.mp4.file));
  service = await startTestService({
    mp4: path.join(folder, films.mp4.file),
    mkv: path.join(folder, films.irregular.file),
    avi: path.join(folder, films.avi.file),
  });
});
afterAll(async () => {
  await service.stop();
  await remove();
});

const errorOf = async (response: Response) => {
  const body: unknown = await response.json();
  return [response.status, body];
};
const coded = (code: string) => expect.objectContaining({ error: expect.objectContaining({ code }) });

describe("the file itself", () => {
  const direct = "/api/v1/stream/mp4?direct=1";

  it("is sent whole, with what a player needs to ask for parts", async () => {
    const response = await service.fetch(direct);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("video/mp4");
    expect(response.headers.get("accept-ranges")).toBe("bytes");
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true);
  });

  it("is sent in ranges", async () => {
    const response = await service.fetch(direct, { headers: { range: "bytes=100-199" } });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes 100-199/${file.byteLength}`);
    expect(response.headers.get("content-length")).toBe("100");
    expect(Buffer.from(await response.arrayBuffer()).equals(file.subarray(100, 200))).toBe(true);
  });

  it("refuses a range beyond its end, and says how long it is", async () => {
    const response = await service.fetch(direct, { headers: { range: "bytes=999999999-" } });
    expect(response.headers.get("content-range")).toBe(`bytes */${file.byteLength}`);
    expect(await errorOf(response)).toEqual([416, coded("range_not_satisfiable")]);
  });

  it("is sent whole when the range is of another version of it", async () => {
    const head = await service.fetch(direct, { method: "HEAD" });
    const etag = head.headers.get("etag") ?? "";
    const modified = head.headers.get("last-modified") ?? "";
    const status = async (ifRange: string) =>
      (await service.fetch(direct, { headers: { range: "bytes=0-9", "if-range": ifRange } })).status;
    expect([await status(etag), await status(modified)]).toEqual([206, 206]);
    expect([await status('"other"'), await status("Thu, 01 Jan 1970 00:00:00 GMT")]).toEqual([200, 200]);
  });

  it("is not sent again to who has it", async () => {
    const etag = (await service.fetch(direct, { method: "HEAD" })).headers.get("etag") ?? "";
    expect((await service.fetch(direct, { headers: { "if-none-match": etag } })).status).toBe(304);
  });

  it("answers HEAD with its length and no body", async () => {
    const response = await service.fetch(direct, { method: "HEAD" });
    expect([response.status, response.headers.get("content-length")]).toEqual([200, String(file.byteLength)]);
    expect((await response.arrayBuffer()).byteLength).toBe(0);
  });
});

describe("GET /api/v1/stream/:mediaId", () => {
  it("sends a file that every browser opens, and leads the others to a playlist", async () => {
    expect((await service.fetch("/api/v1/stream/mp4")).headers.get("content-type")).toBe("video/mp4");
    for (const id of ["mkv", "avi"]) {
      const response = await service.fetch(`/api/v1/stream/${id}`, { redirect: "manual" });
      expect(response.status).toBe(302);
      const master = await service.fetch(response.headers.get("location") ?? "");
      expect(master.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
      expect(await master.text()).toContain("#EXT-X-STREAM-INF");
    }
  });

  it("takes what the caller says that it plays", async () => {
    const [codec] = service.items.get("mkv")?.info?.video.map(({ codecString }) => codecString ?? "") ?? [];
    const response = await service.fetch(`/api/v1/stream/mkv?supported=${codec}`, { redirect: "manual" });
    const master = await (await service.fetch(response.headers.get("location") ?? "")).text();
    expect(master).toContain("-copy/index.m3u8");
    expect(master).toContain("-aac/index.m3u8");
  });

  it.each(["nothing", "..%2f..%2fetc%2fpasswd", "%00", "a".repeat(200)])("finds nothing at %s", async (id) => {
    const response = await service.fetch(`/api/v1/stream/${id}`);
    expect([400, 404]).toContain(response.status);
  });
});

describe("HLS", () => {
  it("sends playlists that are asked for again, and segments that never are", async () => {
    const { reply, playlists } = await service.play("mkv", chromium);
    expect(reply.delivery).toBe("copy");
    const master = await service.fetch(reply.url);
    expect(master.headers.get("cache-control")).toBe("no-cache");
    const { base = "" } = playlists[0] ?? {};
    for (const name of ["init.mp4", "0.m4s"]) {
      const segment = await service.fetch(`${base}/${name}`);
      expect(segment.headers.get("content-type")).toBe("video/mp4");
      expect(segment.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(segment.headers.get("server-timing")).toMatch(/^wait;dur=\d+, read;dur=\d+$/);
      const length = (await segment.arrayBuffer()).byteLength;
      const head = await service.fetch(`${base}/${name}`, { method: "HEAD" });
      expect([head.status, head.headers.get("content-length")]).toEqual([200, String(length)]);
    }
    const sound = await service.fetch(`${playlists[1]?.base}/init.mp4`);
    expect(sound.headers.get("content-type")).toBe("audio/mp4");
  });

  it("knows no other names", async () => {
    const { base, playlists } = await service.play("mkv", chromium);
    const video = playlists[0]?.base ?? "";
    const names = ["99999.m4s", "00.m4s", "-1.m4s", "1e3.m4s", "0.ts", "..%2f..%2fsecret", "init.mp4%00", "NaN.m4s"];
    for (const name of names) expect([name, (await service.fetch(`${video}/${name}`)).status]).toEqual([name, 404]);
    expect((await service.fetch(`${base}/v9-copy/index.m3u8`)).status).toBe(404);
    expect((await service.fetch(`${base}/..%2f/0.m4s`)).status).toBe(404);
  });

  it("gives a session to its own user only, until it is ended", async () => {
    const { reply, playlists } = await service.play("mkv", chromium, { user: "eve" });
    const own = { user: "eve" };
    const session = `/api/v1/hls/${reply.hlsSessionId}`;
    for (const address of [reply.url, `${playlists[0]?.base}/0.m4s`]) {
      expect(await errorOf(await service.fetch(address, { user: "bob" }))).toEqual([404, coded("session_not_found")]);
    }
    expect((await service.fetch(`${session}/heartbeat`, { ...own, method: "POST" })).status).toBe(204);
    const body = JSON.stringify({ positionMs: 5000 });
    expect((await service.fetch(`${session}/heartbeat`, { ...own, method: "POST", body })).status).toBe(204);
    expect((await service.fetch(session, { user: "bob", method: "DELETE" })).status).toBe(404);
    expect((await service.fetch(session, { ...own, method: "DELETE" })).status).toBe(204);
    expect(await errorOf(await service.fetch(reply.url, own))).toEqual([410, coded("session_ended")]);
    expect(await errorOf(await service.fetch(`${playlists[0]?.base}/0.m4s`, own))).toEqual([
      410,
      coded("session_ended"),
    ]);
  });

  it("tells whoever listens what a request waited for", async () => {
    const { reply, playlists } = await service.play("mkv", chromium);
    const told: StreamingMessages["playhead:segment.request"][] = [];
    const stop = listen("playhead:segment.request", (message) => told.push(message));
    const bytes = await service.bytes(`${playlists[0]?.base}/1.m4s`);
    stop();
    expect(told).toEqual([
      expect.objectContaining({
        hlsSessionId: reply.hlsSessionId,
        mediaId: "mkv",
        userId: "ann",
        kind: "video",
        delivery: "copy",
        index: 1,
        waitMs: 0,
        bytes: bytes.byteLength,
        outcome: "sent",
      }),
    ]);
  });

  it("prepares playback, and lets it go", async () => {
    const preload = (id: string) => service.fetch(`/api/v1/hls/preload/${id}`, { method: "POST", user: "kim" });
    const response = await preload("avi");
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ status: "warming", hlsSessionId: expect.any(String) });
    expect(await errorOf(await preload("mp4"))).toEqual([409, coded("not_needed")]);
    expect((await service.fetch("/api/v1/hls/preload/avi", { method: "DELETE", user: "kim" })).status).toBe(204);
  });
});

describe("a prepared session", () => {
  const user = "lea";
  const supported: string[] = [];
  const cancel = () => service.fetch("/api/v1/hls/preload/avi", { method: "DELETE", user });
  const ask = async (path: string, body: unknown): Promise<PlaybackReply> => {
    const response = await service.fetch(path, { method: "POST", user, body: JSON.stringify(body) });
    return JSON.parse(await response.text());
  };
  const prepare = async () => {
    const { url, hlsSessionId, playlists = {} } = await ask("/api/v1/hls/preload/avi", { supported });
    const rendition = Object.keys(playlists).find((path) => path !== url) ?? "";
    return { url, hlsSessionId, playlists, init: rendition.replace("index.m3u8", "init.mp4") };
  };
  const get = (path: string, headers: Record<string, string> = {}) => service.fetch(path, { user, headers });
  const ahead = { [WARM_UP_HEADER]: "1" };

  it("comes with the playlists that its addresses answer with", async () => {
    const { url, playlists } = await prepare();
    expect(Object.keys(playlists).length).toBeGreaterThan(1);
    expect(playlists[url]).toContain("#EXT-X-STREAM-INF");
    for (const [path, text] of Object.entries(playlists)) expect(await (await get(path)).text()).toBe(text);
    await service.fetch(url.replace("/index.m3u8", ""), { method: "DELETE", user });
  });

  it("can still be cancelled after what was fetched ahead of the click", async () => {
    const { init } = await prepare();
    expect((await get(init, ahead)).status).toBe(200);
    await cancel();
    expect((await get(init, ahead)).status).toBe(410);
  });

  it("is played from the moment that playback is asked for, and no longer cancelled", async () => {
    const { hlsSessionId, init } = await prepare();
    expect(await ask("/api/v1/playback", { mediaId: "avi", supported })).toMatchObject({ hlsSessionId });
    await cancel();
    expect((await get(init, ahead)).status).toBe(200);
  });
});

describe("POST /api/v1/playback", () => {
  const post = (body: unknown) => service.fetch("/api/v1/playback", { method: "POST", body: JSON.stringify(body) });

  it("plays a file as it is where the browser can", async () => {
    const { info } = service.streaming.item("mp4");
    const supported = [...info.video, ...info.audio].map(({ codecString }) => codecString ?? "");
    const reply = await (await post({ mediaId: "mp4", supported })).json();
    expect(reply).toMatchObject({ delivery: "direct", url: "/api/v1/stream/mp4?direct=1" });
  });

  it("refuses what it does not understand, and what it does not have", async () => {
    expect((await post({ mediaId: 7 })).status).toBe(400);
    expect((await post({ mediaId: "mp4", supported: "all" })).status).toBe(400);
    expect((await post({ mediaId: "mp4", supported: [], positionMs: -1 })).status).toBe(400);
    expect(await errorOf(await post({ mediaId: "nothing", supported: [] }))).toEqual([404, coded("media_not_found")]);
  });

  it("says why an item can't be played yet, or at all", async () => {
    const item = service.streaming.item("avi");
    service.items.set("new", { ...item, id: "new", status: "pending", info: null });
    service.items.set("bad", { ...item, id: "bad", status: "error", error: "The file is empty.", info: null });
    expect(await errorOf(await post({ mediaId: "new", supported: [] }))).toEqual([409, coded("media_not_ready")]);
    const response = await post({ mediaId: "bad", supported: [] });
    expect(await errorOf(response)).toEqual([
      409,
      { error: { code: "media_unplayable", message: expect.stringContaining("empty") } },
    ]);
  });
});

describe("a file that goes away while it plays", () => {
  it("is an error with a reason, and the server goes on", async () => {
    const { playlists } = await service.play("avi", chromium, { user: "zoe" });
    const { absolutePath } = service.streaming.item("avi");
    await rename(absolutePath, `${absolutePath}.away`);
    try {
      const gone = await service.fetch(`${playlists[0]?.base}/5.m4s`, { user: "zoe" });
      // What was made before it went is still there to be sent.
      if (gone.status !== 200) expect(await errorOf(gone)).toEqual([500, coded("transcode_failed")]);
      expect(await errorOf(await service.fetch("/api/v1/stream/avi?direct=1"))).toEqual([
        500,
        coded("media_unreadable"),
      ]);
      const item = service.items.get("avi");
      service.items.delete("avi");
      const forgotten = await service.fetch(`${playlists[0]?.base}/4.m4s`, { user: "zoe" });
      expect(await errorOf(forgotten)).toEqual([404, coded("media_not_found")]);
      if (item !== undefined) service.items.set("avi", item);
    } finally {
      await rename(`${absolutePath}.away`, absolutePath);
    }
    expect((await service.fetch(`${playlists[0]?.base}/5.m4s`, { user: "zoe" })).status).toBe(200);
  });
});
