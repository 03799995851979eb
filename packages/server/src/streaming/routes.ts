import { PlaybackReply, PlaybackRequest } from "@playhead/protocol";
import type { User } from "@playhead/store";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import { sendFile } from "./delivery/direct-file.js";
import { everyBrowserPlays } from "./every-browser.js";
import type { DeliveredPart, Streaming } from "./streaming.js";

const Name = Type.String({ minLength: 1, maxLength: 128 });
const PlaylistParams = Type.Object({ id: Name });
const RenditionParams = Type.Object({ id: Name, rendition: Name });
const SegmentParams = Type.Object({ id: Name, rendition: Name, segment: Name });
const MediaParams = Type.Object({ mediaId: Name });
const StreamQuery = Type.Object({
  direct: Type.Optional(Type.String()),
  /** Codec strings, separated by commas; codec strings hold none themselves. */
  supported: Type.Optional(Type.String({ maxLength: 4096 })),
});
const Position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const HeartbeatBody = Type.Union([Type.Null(), Type.Object({ positionMs: Type.Optional(Position) })]);
const PreloadBody = Type.Union([
  Type.Null(),
  Type.Object({
    supported: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 64 })),
    positionMs: Type.Optional(Position),
  }),
]);

const playlistType = "application/vnd.apple.mpegurl";
const methods: ("GET" | "HEAD")[] = ["GET", "HEAD"];

/** Playback: what to play (`POST /playback`), the file itself, and HLS. */
export function streamingRoutes(app: App, streaming: Streaming): void {
  app.post(
    "/api/v1/playback",
    { schema: { body: PlaybackRequest, response: { 200: PlaybackReply } } },
    async (request) => streaming.playback(userOf(request), request.body),
  );

  app.route({
    method: methods,
    url: "/api/v1/stream/:mediaId",
    schema: { params: MediaParams, querystring: StreamQuery },
    handler: async (request, reply) => {
      const item = streaming.item(request.params.mediaId);
      const { direct } = request.query;
      if (direct !== undefined && direct !== "0" && direct !== "false")
        return sendFile(request, reply, item.absolutePath);
      const supported =
        request.query.supported?.split(",").map((codec) => codec.trim()) ?? everyBrowserPlays(item.info);
      const { delivery, url } = streaming.playback(userOf(request), { mediaId: item.id, supported });
      if (delivery === "direct") return sendFile(request, reply, item.absolutePath);
      return reply.header("cache-control", "no-cache").redirect(url, 302);
    },
  });

  app.post(
    "/api/v1/hls/preload/:mediaId",
    { schema: { params: MediaParams, body: PreloadBody } },
    async (request, reply) => {
      const { mediaId } = request.params;
      const { info } = streaming.item(mediaId);
      const supported = request.body?.supported ?? everyBrowserPlays(info);
      const positionMs = request.body?.positionMs ?? 0;
      return reply.code(202).send(streaming.preload(userOf(request), { mediaId, supported, positionMs }));
    },
  );

  app.delete("/api/v1/hls/preload/:mediaId", { schema: { params: MediaParams } }, async (request, reply) => {
    streaming.cancelPreload(userOf(request), request.params.mediaId);
    return reply.code(204).send();
  });

  app.route({
    method: methods,
    url: "/api/v1/hls/:id/index.m3u8",
    schema: { params: PlaylistParams },
    handler: async (request, reply) =>
      sendPlaylist(reply, streaming.masterPlaylist(userOf(request), request.params.id)),
  });

  app.route({
    method: methods,
    url: "/api/v1/hls/:id/:rendition/index.m3u8",
    schema: { params: RenditionParams },
    handler: async (request, reply) => {
      const { id, rendition } = request.params;
      return sendPlaylist(reply, streaming.mediaPlaylist(userOf(request), id, rendition));
    },
  });

  app.route({
    method: methods,
    url: "/api/v1/hls/:id/:rendition/:segment",
    schema: { params: SegmentParams },
    handler: async (request, reply) => {
      const { id, rendition, segment } = request.params;
      const part = partOf(segment);
      if (part === undefined) throw new AppError("not_found");
      const left = new AbortController();
      const onClose = () => {
        if (!reply.raw.writableFinished) left.abort(new Error("The client left"));
      };
      reply.raw.once("close", onClose);
      let delivered: DeliveredPart;
      try {
        delivered = await streaming.part(userOf(request), id, rendition, part, left.signal);
      } catch (error) {
        if (!left.signal.aborted) throw error;
        // Nobody is there to be answered.
        return reply.hijack();
      }
      const { bytes, kind, waitMs, readMs } = delivered;
      return reply
        .header("content-type", kind === "video" ? "video/mp4" : "audio/mp4")
        .header("cache-control", "public, max-age=31536000, immutable")
        .header("server-timing", `wait;dur=${waitMs}, read;dur=${readMs}`)
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  });

  app.post(
    "/api/v1/hls/:id/heartbeat",
    { schema: { params: PlaylistParams, body: HeartbeatBody } },
    async (request, reply) => {
      streaming.heartbeat(userOf(request), request.params.id, request.body?.positionMs);
      return reply.code(204).send();
    },
  );

  app.delete("/api/v1/hls/:id", { schema: { params: PlaylistParams } }, async (request, reply) => {
    streaming.end(userOf(request), request.params.id);
    return reply.code(204).send();
  });
}

function userOf(request: FastifyRequest): User {
  if (request.user === null) throw new AppError("unauthorized");
  return request.user;
}

function sendPlaylist(reply: FastifyReply, playlist: string): FastifyReply {
  return reply.header("content-type", playlistType).header("cache-control", "no-cache").send(playlist);
}

/** `init.mp4` or `<index>.m4s`, without leading zeros: each segment has one address. */
function partOf(name: string): "init" | number | undefined {
  if (name === "init.mp4") return "init";
  const index = /^(0|[1-9]\d{0,6})\.m4s$/.exec(name)?.[1];
  return index === undefined ? undefined : Number(index);
}
