import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import Type from "typebox";
import { AppError } from "../../errors.js";
import type { App } from "../../http.js";
import type { FindMedia, MediaItem } from "../../library/media-item.js";
import type { Thumbnails } from "./thumbnails.js";

const Name = Type.String({ minLength: 1, maxLength: 128 });
const ById = Type.Object({ id: Name });
const SheetParams = Type.Object({ id: Name, sheet: Name });

/** An address holds the name of the film's bytes (`?v=`), so what it gives never changes. */
const FOR_EVER = "private, max-age=31536000, immutable";
/** Seconds until it is worth to ask again. */
const AGAIN_S = 5;

/** Pictures for the seek bar: WebVTT, and the sheets that it names. */
export function thumbnailRoutes(app: App, thumbnails: Thumbnails, findMedia: FindMedia): void {
  const itemOf = (id: string): MediaItem => {
    const item = findMedia(id);
    if (item === undefined) throw new AppError("media_not_found");
    return item;
  };

  app.get("/api/v1/media/:id/thumbnails.vtt", { schema: { params: ById } }, async (request, reply) => {
    const vtt = thumbnails.vtt(itemOf(request.params.id));
    void reply.header("cache-control", "no-cache");
    // No error: a player asks for them with each film, and does without them meanwhile.
    if (vtt === "never") return reply.code(204).send();
    if (vtt === "later") return reply.code(204).header("retry-after", AGAIN_S).send();
    return reply.type("text/vtt; charset=utf-8").send(vtt.text);
  });

  app.get("/api/v1/media/:id/thumbnails/:sheet", { schema: { params: SheetParams } }, async (request, reply) => {
    const item = itemOf(request.params.id);
    const index = /^(0|[1-9]\d{0,3})\.jpg$/.exec(request.params.sheet)?.[1];
    const file = index === undefined ? undefined : thumbnails.sheet(item, Number(index));
    const stats = file === undefined ? undefined : await stat(file).catch(() => undefined);
    if (file === undefined || stats === undefined) throw new AppError("not_found");
    return reply
      .type("image/jpeg")
      .header("cache-control", FOR_EVER)
      .header("content-length", stats.size)
      .send(createReadStream(file));
  });
}
