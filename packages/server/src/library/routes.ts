import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { LibraryReply, MediaReply, Progress } from "@playhead/protocol";
import type { ProgressRecord, ProgressStore, User } from "@playhead/store";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import type { Library } from "./library.js";
import type { MediaItem } from "./media-item.js";
import { libraryItem, mediaReply } from "./media-reply.js";

export interface LibraryRoutesOptions {
  readonly library: Library;
  /** Somebody looks at an item's details, and may play it next. */
  readonly onLook: (mediaId: string) => void;
  readonly progress: ProgressStore;
}

const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
const ByMediaId = Type.Object({ mediaId: Type.String({ minLength: 1, maxLength: 128 }) });

const POSTER_CACHE = "private, max-age=31536000, immutable";

/** The library, one item, its poster, and each user's resume points. */
export function libraryRoutes(app: App, { library, progress, onLook }: LibraryRoutesOptions): void {
  const itemOf = (id: string): MediaItem => {
    const item = library.get(id);
    if (item === undefined) throw new AppError("media_not_found");
    return item;
  };

  app.get("/api/v1/library", { schema: { response: { 200: LibraryReply } } }, async (request, reply) => {
    const points = await progress.all(userOf(request).id);
    const { scan } = library;
    void reply.header("cache-control", "no-store");
    return {
      items: library.items().map((item) => libraryItem(item, points.get(item.id))),
      ...(scan && { scan }),
    };
  });

  app.get("/api/v1/media/:id", { schema: { params: ById, response: { 200: MediaReply } } }, async (request, reply) => {
    const item = itemOf(request.params.id);
    onLook(item.id);
    const point = await progress.get(userOf(request).id, item.id);
    void reply.header("cache-control", "no-store");
    return mediaReply(item, point);
  });

  app.get("/api/v1/media/:id/poster", { schema: { params: ById } }, async (request, reply) => {
    const item = itemOf(request.params.id);
    const file = library.posterPath(item);
    const stats = file === null ? undefined : await stat(file).catch(() => undefined);
    if (file === null || stats === undefined) throw new AppError("not_found", { message: "This film has no poster." });
    // The address holds the name of the film's bytes (`?v=`), so what it gives never changes.
    const etag = `"${item.fileId}"`;
    void reply.header("etag", etag).header("cache-control", POSTER_CACHE);
    if (request.headers["if-none-match"]?.split(/\s*,\s*/).includes(etag)) return reply.code(304).send();
    return reply.type("image/jpeg").header("content-length", stats.size).send(createReadStream(file));
  });

  app.get(
    "/api/v1/progress/:mediaId",
    { schema: { params: ByMediaId, response: { 200: Progress } } },
    async (request, reply) => {
      const item = itemOf(request.params.mediaId);
      void reply.header("cache-control", "no-store");
      return progressReply(await progress.get(userOf(request).id, item.id));
    },
  );

  app.put(
    "/api/v1/progress/:mediaId",
    { schema: { params: ByMediaId, body: Progress, response: { 200: Progress } } },
    async (request) => {
      const item = itemOf(request.params.mediaId);
      const point = progressRecord(item, request.body);
      await progress.put(userOf(request).id, item.id, point);
      return progressReply(point);
    },
  );
}

function userOf(request: FastifyRequest): User {
  if (request.user === null) throw new AppError("unauthorized");
  return request.user;
}

/** The server's clock dates it, and nobody resumes behind the end. */
function progressRecord(item: MediaItem, { positionMs, durationMs }: Progress): ProgressRecord {
  const known = item.info === null ? null : Math.round(item.info.durationMs);
  const duration = known ?? durationMs ?? null;
  return {
    positionMs: duration === null ? positionMs : Math.min(positionMs, duration),
    durationMs: duration,
    updatedAt: Date.now(),
  };
}

function progressReply(point: ProgressRecord | undefined): Progress {
  if (point === undefined) return { positionMs: 0 };
  const { positionMs, durationMs, updatedAt } = point;
  return { positionMs, ...(durationMs !== null && { durationMs }), updatedAt };
}
