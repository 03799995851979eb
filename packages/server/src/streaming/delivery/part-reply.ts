import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import type { DeliveredPart, PartFacts } from "../face.js";
import { parseRange } from "./byte-range.js";
import { isSameVersion, isUnchanged } from "./conditions.js";

const FOR_EVER = "public, max-age=31536000, immutable";
export const VTT_TYPE = "text/vtt; charset=utf-8";
const types = { video: "video/mp4", audio: "audio/mp4", subtitle: VTT_TYPE } as const;

/** What a client can ask of a part without having it made. */
export interface WantedPart extends PartFacts {
  /** Its bytes if they are made, else nothing; starts no encoder. */
  kept(): Promise<Uint8Array | undefined>;
  /** Its bytes, made if need be. */
  make(signal: AbortSignal): Promise<DeliveredPart>;
}

/**
 * Answers with an init, media or subtitle segment: 304 to who has it, its head without making it, ranges of it. The bytes are the
 * cache's own: a slow client holds them, and has no copy.
 */
export async function sendPart(request: FastifyRequest, reply: FastifyReply, part: WantedPart): Promise<FastifyReply> {
  const { headers } = request;
  if (isUnchanged(headers["if-none-match"], part.etag)) return describe(reply, part).code(304).send();
  if (request.method === "HEAD") {
    const bytes = await part.kept();
    describe(reply, part);
    // Without a length where nobody knows it yet (RFC 9110 §9.3.2).
    if (bytes !== undefined) reply.header("content-length", bytes.byteLength);
    return reply.send();
  }

  const left = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) left.abort(new Error("The client left"));
  });
  let delivered: DeliveredPart;
  try {
    delivered = await part.make(left.signal);
  } catch (error) {
    if (!left.signal.aborted) throw error;
    // Nobody is there to be answered.
    return reply.hijack();
  }

  const { bytes, waitMs, readMs } = delivered;
  const size = bytes.byteLength;
  const range = isSameVersion(headers["if-range"], part.etag) ? parseRange(headers.range, size) : null;
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${size}`);
    throw new AppError("range_not_satisfiable");
  }
  describe(reply, part).header("server-timing", `wait;dur=${waitMs}, read;dur=${readMs}`);
  if (range === null) return reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, size));
  const { start, end } = range;
  return reply
    .code(206)
    .header("content-range", `bytes ${start}-${end}/${size}`)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start + 1));
}

function describe(reply: FastifyReply, { etag, kind }: PartFacts): FastifyReply {
  return reply
    .header("content-type", types[kind])
    .header("cache-control", FOR_EVER)
    .header("accept-ranges", "bytes")
    .header("etag", etag);
}
