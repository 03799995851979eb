import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isUnchanged } from "./conditions.js";

/** Answers with a playlist, which is asked for again each time, and not sent again to who has it. */
export function sendPlaylist(request: FastifyRequest, reply: FastifyReply, playlist: string): FastifyReply {
  const etag = `"${createHash("sha1").update(playlist).digest("base64url")}"`;
  reply.header("cache-control", "no-cache").header("etag", etag);
  if (isUnchanged(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.header("content-type", "application/vnd.apple.mpegurl").send(playlist);
}
