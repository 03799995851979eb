import { cmcdHeaders, PlaybackLinkReply } from "@playhead/protocol";
import Type from "typebox";
import type { PlaybackLinks } from "../auth/playback-links.js";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import type { Streaming } from "./face.js";

const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
/** What a page of another site may send along; a browser asks first (WHATWG Fetch, CORS-preflight). */
const ALLOWED_HEADERS = `cache-control, if-match, if-modified-since, if-none-match, if-range, range, ${cmcdHeaders.join(", ")}`;
const DAY_S = 86_400;

/** Links that play one item without a sign-in: `docs/serving.md`. */
export function linkRoutes(app: App, streaming: Streaming, links: PlaybackLinks): void {
  app.post(
    "/api/v1/media/:id/link",
    { schema: { params: Params, response: { 200: PlaybackLinkReply } } },
    async (request, reply) => {
      if (request.user === null) throw new AppError("unauthorized");
      const { id } = streaming.item(request.params.id);
      const { url, expiresAt } = await links.issue(request.user, id);
      return reply.header("cache-control", "no-store").send({ url, fileUrl: `${url}&direct=1`, expiresAt });
    },
  );

  for (const url of ["/api/v1/stream/:mediaId", "/api/v1/hls/:id/*"]) {
    app.options(url, { config: { door: "playback" } }, async (_request, reply) =>
      reply
        .code(204)
        .header("access-control-allow-methods", "GET, HEAD")
        .header("access-control-allow-headers", ALLOWED_HEADERS)
        .header("access-control-max-age", DAY_S)
        .send(),
    );
  }
}
