import { copyFile, mkdir, rm, truncate, writeFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import type { LibraryReply, PlaybackReply } from "@playhead/protocol";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { films } from "./fixtures/library.js";
import { bytesOf, itemOf, playHls, readMaster } from "./playlist.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

const ODD_NAME = 'It\'s "odd", 100% – ünïcode 映画\nsecond line.mkv';

let scratch: string;
let mediaDir: string;
let service: RunningService;

beforeAll(async () => {
  scratch = await temporaryFolder("bad");
  mediaDir = path.join(scratch, "media");
  await mkdir(path.join(mediaDir, "Show", "Season 1"), { recursive: true });
  const film = (name: keyof typeof films) => path.join(inject("mediaDir"), films[name].file);
  await copyFile(film("mp4"), path.join(mediaDir, "Plain.mp4"));
  await copyFile(film("irregular"), path.join(mediaDir, ODD_NAME));
  await copyFile(film("irregular"), path.join(mediaDir, "Show", "Season 1", "Show.S01E02.mkv"));
  await copyFile(film("irregular"), path.join(mediaDir, "Gone.mkv"));
  await copyFile(film("mp4"), path.join(mediaDir, "Truncated.mp4"));
  await truncate(path.join(mediaDir, "Truncated.mp4"), 5_000);
  await writeFile(path.join(mediaDir, "Empty.mkv"), "");
  await writeFile(path.join(mediaDir, "Text.mp4"), "This is no film.\n".repeat(100));
  service = await startService({ mediaDir });
});
afterAll(async () => {
  await service.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** Status and error of an answer that must be an error in the one shape. */
async function refusal(pathname: string, init?: RequestInit & { token?: string }) {
  const response = await service.fetch(pathname, init);
  const body = (await response.json()) as { error: { code: string; message: string } };
  expect(body.error.message).not.toBe("");
  return { status: response.status, code: body.error.code };
}

/** A request whose path is sent as it is; `fetch` would tidy it first. */
function rawGet(rawPath: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(service.origin);
  const headers = { authorization: `Bearer ${service.token}`, accept: "text/html" };
  return new Promise((resolve, reject) => {
    http
      .get({ hostname, port, path: rawPath, headers }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      })
      .on("error", reject);
  });
}

const post = (body: unknown) => ({ method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });

it("lists what is no film with its reason, and the rest as ready", async () => {
  const { items } = await eventually(async () => {
    const reply = await service.json<LibraryReply>("/api/v1/library");
    const done = reply.items.length === 7 && reply.items.every(({ status }) => status !== "pending");
    return done ? reply : undefined;
  }, 60_000);
  const errors = items.filter(({ status }) => status === "error");
  expect(errors.map((item) => item.path).toSorted()).toEqual(["Empty.mkv", "Text.mp4", "Truncated.mp4"]);
  for (const { error } of errors) expect(error).toBeTruthy();
  const episode = items.find((item) => item.path.startsWith("Show/"));
  expect(episode).toMatchObject({ status: "ready", series: "Show", season: 1, episode: 2 });
});

it("plays a file whose name has quotes, a newline and Unicode in it", async () => {
  const item = await itemOf(service, ODD_NAME);
  for (const supported of [item.codecs, []]) {
    const { master } = await playHls(service, item.id, supported);
    for (const playlist of await readMaster(service, master)) {
      expect((await bytesOf(service, playlist.segments[1]!.url)).length).toBeGreaterThan(0);
    }
  }
});

describe("refuses", () => {
  it("paths that lead out of their folder", async () => {
    const outs = [
      "../../../etc/passwd",
      "..%2f..%2f..%2fetc%2fpasswd",
      "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
      "..\\..\\etc",
      "%00",
    ];
    for (const out of outs) {
      for (const where of ["/api/v1/media/", "/api/v1/stream/", "/api/v1/hls/", "/api/v1/hls/x/", "/assets/"]) {
        const { status, body } = await rawGet(where + out);
        expect([400, 404], where + out).toContain(status);
        expect(body).not.toContain("root:");
      }
    }
  });

  it("ids that nobody gave", async () => {
    expect(await refusal("/api/v1/media/nope")).toEqual({ status: 404, code: "media_not_found" });
    expect(await refusal("/api/v1/stream/nope")).toEqual({ status: 404, code: "media_not_found" });
    expect(await refusal("/api/v1/playback", post({ mediaId: "nope", supported: [] }))).toMatchObject({ status: 404 });
    expect(await refusal("/api/v1/hls/nope/index.m3u8")).toEqual({ status: 404, code: "session_not_found" });
    expect(await refusal("/api/v1/analytics/views/nope")).toEqual({ status: 404, code: "view_not_found" });
    expect(await refusal("/api/v1/nope")).toEqual({ status: 404, code: "not_found" });
  });

  it("bodies that are malformed, mistyped or too large", async () => {
    expect(await refusal("/api/v1/playback", post("{"))).toEqual({ status: 400, code: "invalid_json" });
    expect(await refusal("/api/v1/playback", post({ mediaId: 7 }))).toEqual({ status: 400, code: "bad_request" });
    expect(await refusal("/api/v1/playback", post(JSON.stringify({ pad: "x".repeat(1_100_000) })))).toMatchObject({
      status: 413,
    });
  });

  it("positions that are negative or no number", async () => {
    const { id } = await itemOf(service, "Plain.mp4");
    const put = (positionMs: string) => ({ method: "PUT", body: `{"positionMs":${positionMs}}` });
    for (const wrong of ["-1", "NaN", '"5"', "1e400", "null"]) {
      expect((await refusal(`/api/v1/progress/${id}`, put(wrong))).status, wrong).toBe(400);
    }
    expect((await refusal("/api/v1/playback", post({ mediaId: id, supported: [], positionMs: -5 }))).status).toBe(400);
  });

  it("ranges outside the file", async () => {
    const { id } = await itemOf(service, "Plain.mp4");
    const url = `/api/v1/stream/${id}?direct=1`;
    const range = (value: string) => service.fetch(url, { headers: { range: value } });
    const whole = await service.fetch(url);
    const size = Number(whole.headers.get("content-length"));
    await whole.arrayBuffer();
    const part = await range("bytes=10-19");
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 10-19/${size}`);
    expect((await part.arrayBuffer()).byteLength).toBe(10);
    const outside = await range(`bytes=${size}-`);
    expect(outside.status).toBe(416);
    expect(outside.headers.get("content-range")).toBe(`bytes */${size}`);
    const changed = await service.fetch(url, { headers: { range: "bytes=0-1", "if-range": '"another"' } });
    expect(changed.status).toBe(200);
    await changed.arrayBuffer();
  });

  it("segments that the plan does not hold", async () => {
    const item = await itemOf(service, ODD_NAME);
    const { master } = await playHls(service, item.id, item.codecs);
    const [video] = await readMaster(service, master);
    for (const name of ["99999.m4s", "-1.m4s", "1e3.m4s", "x.m4s", "0.ts"]) {
      expect((await refusal(new URL(name, video!.url).pathname)).status, name).toBe(404);
    }
  });

  it("everyone who is not signed in, but for health and sign-in", async () => {
    const status = async (pathname: string) => (await fetch(service.origin + pathname)).status;
    for (const pathname of [
      "/api/v1/library",
      "/api/v1/analytics/overview",
      "/metrics",
      "/api/v1/me",
      "/api/v1/nope",
      "/",
    ]) {
      expect(await status(pathname), pathname).toBe(401);
    }
    expect(await status("/healthz")).toBe(200);
    expect(await status("/readyz")).toBe(200);
  });

  it("one user's HLS session to another", async () => {
    const other = await service.json<{ token: string }>("/api/v1/users", post({ name: "Other" }));
    const item = await itemOf(service, ODD_NAME);
    const { master } = await playHls(service, item.id, item.codecs);
    expect((await refusal(master.pathname, { token: other.token })).status).toBe(404);
    const theirs = await playHls(service, item.id, item.codecs, { token: other.token });
    expect(theirs.hlsSessionId).not.toBe(new URL(master).pathname.split("/")[4]);
  });
});

it("says that a session has ended, and gives another one", async () => {
  const item = await itemOf(service, ODD_NAME);
  const { master, hlsSessionId } = await playHls(service, item.id, item.codecs);
  expect((await service.fetch(`/api/v1/hls/${hlsSessionId}`, { method: "DELETE" })).status).toBe(204);
  expect(await refusal(master.pathname)).toEqual({ status: 410, code: "session_ended" });
  const again = await service.json<PlaybackReply>(
    "/api/v1/playback",
    post({ mediaId: item.id, supported: item.codecs }),
  );
  expect(again.hlsSessionId).not.toBe(hlsSessionId);
});

it("says so when a film is deleted while it plays, and goes on", async () => {
  const item = await itemOf(service, "Gone.mkv");
  const { master } = await playHls(service, item.id, []);
  const [video] = await readMaster(service, master);
  await bytesOf(service, video!.segments[0]!.url);
  await rm(path.join(mediaDir, "Gone.mkv"));
  const last = video!.segments.at(-1)!.url.pathname;
  const response = await service.fetch(last);
  if (!response.ok) expect((await response.json()) as unknown).toHaveProperty("error.code");
  await eventually(async () => ((await service.fetch(`/api/v1/media/${item.id}`)).status === 404 ? true : undefined));
  expect((await service.fetch("/readyz")).status).toBe(200);
});
