import { Readable } from "node:stream";
import { PlaybackReply, PlaybackRequest, PreloadReply, ViewerMeans, WARM_UP_HEADER } from "@playhead/protocol";
import type { User } from "@playhead/store";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { pathSegmentOf } from "../auth/playback-link.js";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import { sendFile } from "./delivery/direct-file.js";
import { followCmcd } from "./delivery/follow-cmcd.js";
import { sendPart, VTT_TYPE } from "./delivery/part-reply.js";
import { sendPlaylist } from "./delivery/playlist-reply.js";
import { everyBrowserPlays } from "./every-browser.js";
import type { Streaming } from "./face.js";
import { isNear } from "./near.js";
import type { PlayableItem } from "./playable.js";

const Name = Type.String({ minLength: 1, maxLength: 128 });
/** An HLS session, or a signed link in its place. */
const SessionOrLink = Type.String({ minLength: 1, maxLength: 1024 });
const PlaylistParams = Type.Object({ id: SessionOrLink });
const RenditionParams = Type.Object({ id: SessionOrLink, rendition: Name });
const SegmentParams = Type.Object({ id: SessionOrLink, rendition: Name, segment: Name });
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
    ...ViewerMeans.properties,
    supported: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { maxItems: 64 })),
    positionMs: Type.Optional(Position),
    rendition: PlaybackRequest.properties.rendition,
  }),
]);

const TrackParams = Type.Object({ mediaId: Name, track: Type.String({ pattern: "^[\\w-]{1,64}\\.vtt$" }) });
const TrackQuery = Type.Object({
  /** Where the viewer is, ms: read first. */
  at: Type.Optional(Position),
  v: Type.Optional(Name),
});
/** What is told of a request that is for no segment. */
const aPlaylist = { kind: "playlist", mediaType: null, index: null, startMs: null } as const;
const wholeFile = {
  kind: "file",
  delivery: "direct",
  hlsSessionId: null,
  mediaType: null,
  rendition: null,
  index: null,
  startMs: null,
} as const;

const methods: ("GET" | "HEAD")[] = ["GET", "HEAD"];

/** Playback: what to play (`POST /playback`), the file itself, and HLS. */
export function streamingRoutes(app: App, streaming: Streaming): void {
  app.post(
    "/api/v1/playback",
    { schema: { body: PlaybackRequest, response: { 200: PlaybackReply } } },
    async (request) => streaming.playback(userOf(request), request.body, isNear(request)),
  );

  app.route({
    method: methods,
    url: "/api/v1/stream/:mediaId",
    config: { door: "playback" },
    schema: { params: MediaParams, querystring: StreamQuery },
    handler: async (request, reply) => {
      const item = streaming.item(request.params.mediaId);
      const { direct } = request.query;
      if (direct !== undefined && direct !== "0" && direct !== "false") {
        followCmcd(request, reply, () => ({ ...wholeFile, mediaId: item.id }));
        return sendFile(request, reply, item.absolutePath);
      }
      const supported =
        request.query.supported?.split(",").map((codec) => codec.trim()) ?? everyBrowserPlays(item.info);
      const url = playlistOf(request, item, supported);
      if (url === undefined) return sendFile(request, reply, item.absolutePath);
      return reply.header("cache-control", "no-cache").redirect(url, 302);
    },
  });

  app.post(
    "/api/v1/hls/preload/:mediaId",
    { schema: { params: MediaParams, body: PreloadBody, response: { 202: PreloadReply } } },
    async (request, reply) => {
      const { mediaId } = request.params;
      const { info } = streaming.item(mediaId);
      const supported = request.body?.supported ?? everyBrowserPlays(info);
      const wanted = { ...request.body, mediaId, supported };
      return reply.code(202).send(streaming.preload(userOf(request), wanted, isNear(request)));
    },
  );

  // A page that goes away can only send a beacon, and a beacon is a POST, with a body of text or none.
  for (const [method, url] of [
    ["DELETE", "/api/v1/hls/preload/:mediaId"],
    ["POST", "/api/v1/hls/preload/:mediaId/cancel"],
  ] as const) {
    app.route({
      method,
      url,
      schema: { params: MediaParams },
      handler: async (request, reply) => {
        streaming.cancelPreload(userOf(request), request.params.mediaId);
        return reply.code(204).send();
      },
    });
  }

  app.route({
    method: methods,
    url: "/api/v1/hls/:id/index.m3u8",
    config: { door: "playback" },
    schema: { params: PlaylistParams },
    handler: async (request, reply) => {
      const user = userOf(request);
      const sessionId = sessionOf(request, request.params.id);
      followCmcd(request, reply, () => ({ ...streaming.sessionFacts(user, sessionId), ...aPlaylist, rendition: null }));
      return sendPlaylist(request, reply, streaming.masterPlaylist(user, sessionId));
    },
  });

  app.route({
    method: methods,
    url: "/api/v1/hls/:id/:rendition/index.m3u8",
    config: { door: "playback" },
    schema: { params: RenditionParams },
    handler: async (request, reply) => {
      const { id, rendition } = request.params;
      const user = userOf(request);
      const sessionId = sessionOf(request, id);
      followCmcd(request, reply, () => ({ ...streaming.sessionFacts(user, sessionId), ...aPlaylist, rendition }));
      return sendPlaylist(request, reply, streaming.mediaPlaylist(user, sessionId, rendition));
    },
  });

  app.route({
    method: methods,
    url: "/api/v1/hls/:id/:rendition/:segment",
    config: { door: "playback" },
    schema: { params: SegmentParams },
    handler: async (request, reply) => {
      const { id, rendition, segment } = request.params;
      const part = partOf(segment);
      if (part === undefined) throw new AppError("not_found");
      const user = userOf(request);
      const sessionId = sessionOf(request, id);
      const isWarmUp = WARM_UP_HEADER in request.headers;
      const facts = streaming.partFacts(user, sessionId, rendition, part, isWarmUp);
      if ((facts.kind === "subtitle") !== segment.endsWith(".vtt")) throw new AppError("not_found");
      const followed = followCmcd(request, reply, () => ({
        ...streaming.sessionFacts(user, sessionId),
        kind: part === "init" ? "init" : "segment",
        mediaType: facts.kind,
        rendition,
        index: part === "init" ? null : part,
        startMs: facts.startMs,
      }));
      return sendPart(request, reply, {
        ...facts,
        kept: () => streaming.keptPart(user, sessionId, rendition, part),
        make: async (signal) => {
          const made = await streaming.part(user, sessionId, rendition, part, signal, isWarmUp);
          followed?.answers(made.waitMs);
          return made;
        },
      });
    },
  });

  app.get(
    "/api/v1/media/:mediaId/subtitles/:track",
    { schema: { params: TrackParams, querystring: TrackQuery } },
    async (request, reply) => {
      const { mediaId, track } = request.params;
      const left = new AbortController();
      reply.raw.once("close", () => left.abort(new Error("The client left")));
      const id = track.slice(0, -".vtt".length);
      const { version, text } = await streaming.subtitleTrack(mediaId, id, request.query.at ?? 0, left.signal);
      reply.header("content-type", VTT_TYPE);
      // What is still being read must not be taken for the whole next time.
      if (typeof text !== "string") return reply.header("cache-control", "no-store").send(Readable.from(text));
      const etag = `"${version}"`;
      reply.header("etag", etag).header("cache-control", "private, no-cache");
      if (request.headers["if-none-match"]?.split(/\s*,\s*/).includes(etag)) return reply.code(304).send();
      return reply.send(text);
    },
  );

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

  /** Where a player's HLS begins; undefined where it plays the file as it is. */
  function playlistOf(request: FastifyRequest, item: PlayableItem, supported: string[]): string | undefined {
    if (request.link === null) {
      const { delivery, url } = streaming.playback(userOf(request), { mediaId: item.id, supported }, isNear(request));
      return delivery === "direct" ? undefined : url;
    }
    // Only the item's own codecs: they go into each address of this view.
    const own = new Set([...item.info.video, ...item.info.audio].map(({ codecString }) => codecString));
    const link = { ...request.link, supported: request.link.supported?.filter((codec) => own.has(codec)) };
    const view = streaming.openLinked(userOf(request), link, {
      begin: request.method !== "HEAD",
      isNear: isNear(request),
    });
    return view === undefined ? undefined : `/api/v1/hls/${pathSegmentOf(link, view)}/index.m3u8`;
  }

  /** The session that an address names, or that the signed link in its place stands for. */
  function sessionOf(request: FastifyRequest, id: string): string {
    return request.link === null ? id : streaming.linkedSession(userOf(request), request.link);
  }
}

function userOf(request: FastifyRequest): User {
  if (request.user === null) throw new AppError("unauthorized");
  return request.user;
}

/** `init.mp4`, `<index>.m4s` or `<index>.vtt`, without leading zeros: each segment has one address. */
function partOf(name: string): "init" | number | undefined {
  if (name === "init.mp4") return "init";
  const index = /^(0|[1-9]\d{0,6})\.(?:m4s|vtt)$/.exec(name)?.[1];
  return index === undefined ? undefined : Number(index);
}
