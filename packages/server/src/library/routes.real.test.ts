import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { LibraryReply, MediaReply } from "@playhead/protocol";
import { fastify } from "fastify";
import { pino } from "pino";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replyWithError } from "../error-reply.js";
import type { App } from "../http.js";
import { createLibrary, type Library } from "./library.js";
import { libraryRoutes } from "./routes.js";
import { film, h264, memoryMediaStore, memoryProgressStore, picture, sound, temporaryFolder } from "./test-library.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let library: Library;
let app: App;
let id: string;
let brokenId: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const mediaDir = folder.path;
  await film(
    ...picture(3),
    ...sound(3),
    ...h264,
    "-vf",
    "setsar=2/1",
    "-c:a",
    "aac",
    "-output_ts_offset",
    "5",
    path.join(mediaDir, "Film (2019).mkv"),
  );
  await writeFile(path.join(mediaDir, "broken.mkv"), "x");
  const progress = memoryProgressStore();
  library = createLibrary({
    mediaDir,
    dataDir: path.join(folder.path, ".data"),
    media: memoryMediaStore(),
    progress,
    ffmpeg: "ffmpeg",
    ffprobe: "ffprobe",
    log: pino({ level: "silent" }),
  });
  const poster = new Promise<void>((resolve) => library.onChange(({ item }) => item.hasPoster && resolve()));
  await library.start();
  await library.scanned();
  await poster;
  id = library.items().find((item) => item.status === "ready")?.id ?? "";
  brokenId = library.items().find((item) => item.status === "error")?.id ?? "";

  app = fastify({
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(replyWithError);
  app.decorateRequest("user", null);
  app.addHook("onRequest", async (request) => {
    const { user } = request.headers;
    request.user = typeof user === "string" ? { id: user, name: user, admin: false } : null;
  });
  libraryRoutes(app, { library, progress, onLook: () => undefined });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await library.stop();
  await folder.remove();
});

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: "GET", url, headers: { user: "anna", ...headers } });
const put = (url: string, payload: string | object, user = "anna") =>
  app.inject({ method: "PUT", url, headers: { user, "content-type": "application/json" }, payload });

describe("GET /api/v1/library", () => {
  it("lists items by path, in the wire's shape", async () => {
    const reply = await get("/api/v1/library");
    const body: unknown = reply.json();
    expect(Value.Check(LibraryReply, body)).toBe(true);
    expect(body).toEqual({
      items: [
        {
          id,
          title: "Film",
          year: 2019,
          path: "Film (2019).mkv",
          durationMs: expect.any(Number),
          status: "ready",
          width: 640,
          height: 180,
          posterUrl: expect.stringContaining(`/api/v1/media/${id}/poster?v=`),
          addedAt: expect.any(Number),
        },
        {
          id: brokenId,
          title: "broken",
          path: "broken.mkv",
          durationMs: null,
          status: "error",
          error: "This is not a video file, or it is damaged.",
          addedAt: expect.any(Number),
        },
      ],
    });
  });
});

describe("GET /api/v1/media/:id", () => {
  it("tells tracks, codec strings and the resume point", async () => {
    await put(`/api/v1/progress/${id}`, { positionMs: 1234 });
    const body: unknown = (await get(`/api/v1/media/${id}`)).json();
    expect(Value.Check(MediaReply, body)).toBe(true);
    expect(body).toMatchObject({
      id,
      container: "matroska",
      codecs: [expect.stringMatching(/^avc1\.[0-9a-f]{6}$/), "mp4a.40.2"],
      tracks: [
        { kind: "video", index: 0, codec: "h264", width: 320, height: 180, fps: 25 },
        { kind: "audio", index: 1, codec: "aac", channels: 1, sampleRate: 48000 },
      ],
      chapters: [],
      positionMs: 1234,
    });
  });

  it("tells of a broken file what is known", async () => {
    const body: unknown = (await get(`/api/v1/media/${brokenId}`)).json();
    expect(body).toMatchObject({ status: "error", codecs: [], tracks: [], chapters: [], positionMs: 0, sizeBytes: 1 });
  });

  it.each([
    "/api/v1/media/unknown",
    "/api/v1/media/..%2f..%2fetc%2fpasswd",
    "/api/v1/progress/unknown",
    "/api/v1/media/unknown/poster",
  ])("answers 404 to %s", async (url) => {
    const reply = await get(url);
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toMatchObject({ error: { code: "media_not_found" } });
  });
});

describe("GET /api/v1/media/:id/poster", () => {
  it("sends a JPEG that may be kept, and 304 to whoever has it", async () => {
    const reply = await get(`/api/v1/media/${id}/poster`);
    expect(reply.statusCode).toBe(200);
    expect(reply.headers).toMatchObject({
      "content-type": "image/jpeg",
      "cache-control": "private, max-age=31536000, immutable",
    });
    expect([...reply.rawPayload.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    const again = await get(`/api/v1/media/${id}/poster`, { "if-none-match": String(reply.headers.etag) });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
  });

  it("answers 404 in JSON where there is none", async () => {
    const reply = await get(`/api/v1/media/${brokenId}/poster`);
    expect([reply.statusCode, reply.json().error.code]).toEqual([404, "not_found"]);
  });
});

describe("/api/v1/progress/:mediaId", () => {
  it("keeps each user's own resume point", async () => {
    const stored = await put(`/api/v1/progress/${id}`, { positionMs: 2000 }, "berta");
    expect([stored.statusCode, stored.json().positionMs]).toEqual([200, 2000]);
    const berta = await get(`/api/v1/progress/${id}`, { user: "berta" });
    expect(berta.json()).toMatchObject({ positionMs: 2000, updatedAt: expect.any(Number) });
    expect((await get(`/api/v1/progress/${id}`, { user: "carl" })).json()).toEqual({ positionMs: 0 });
    const list = await get("/api/v1/library", { user: "berta" });
    expect(list.json().items[0].positionMs).toBe(2000);
  });

  it("keeps none behind the end", async () => {
    const reply = await put(`/api/v1/progress/${id}`, { positionMs: 9e9 }, "dora");
    expect(reply.json().positionMs).toBe(Math.round(library.get(id)?.info?.durationMs ?? 0));
  });

  it.each([
    '{"positionMs":NaN}',
    '{"positionMs":-1}',
    '{"positionMs":1.5}',
    '{"positionMs":"12"}',
    '{"positionMs":null}',
    "{}",
    "[]",
    "{",
  ])("refuses %s", async (body) => {
    const reply = await put(`/api/v1/progress/${id}`, body);
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
  });

  it("lets nobody in who is not signed in", async () => {
    expect((await app.inject(`/api/v1/progress/${id}`)).statusCode).toBe(401);
  });
});
