import { CMCD_PARAMETER, cmcdHeaders } from "@playhead/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { channelOf } from "../../channel.js";
import { publish, type StreamingMessages } from "../channels.js";

type Message = StreamingMessages["playhead:cmcd.request"];
/** What is asked for. */
export type CmcdObject = Pick<
  Message,
  "hlsSessionId" | "mediaId" | "delivery" | "kind" | "mediaType" | "rendition" | "index" | "startMs"
>;

/** Of one request whose player says something about itself. */
export interface FollowedRequest {
  /** The answer begins now: the segment was waited for for so long, ms. */
  answers(waitMs: number): void;
}

const target = channelOf("playhead:cmcd.request");

/**
 * Tells what a player says on a request (CMCD, in the query or in headers), with how it was answered, once the answer is over.
 * Nothing waits for that. Without CMCD or a listener it costs a look at five names.
 */
export function followCmcd(
  request: FastifyRequest,
  reply: FastifyReply,
  object: () => CmcdObject,
): FollowedRequest | undefined {
  if (!target.hasSubscribers) return undefined;
  const reports = reportsOf(request);
  if (reports.length === 0) return undefined;
  const about = object();
  const ts = Date.now();
  const startedAt = performance.now();
  let waitMs = 0;
  let answeredAt: number | undefined;
  reply.raw.once("close", () => {
    const now = performance.now();
    const { raw } = reply;
    publish("playhead:cmcd.request", {
      ...about,
      ts,
      reports,
      userAgent: request.headers["user-agent"],
      country: request.country,
      status: raw.writableFinished ? raw.statusCode : CLIENT_LEFT,
      waitMs: Math.round(waitMs),
      ttfbMs: Math.round((answeredAt ?? now) - startedAt),
      durationMs: Math.round(now - startedAt),
      // Of the framework's own: what it writes at once, Node does not keep among the headers.
      bytes: raw.writableFinished ? Number(reply.getHeader("content-length")) || 0 : 0,
    });
  });
  return {
    answers(waited) {
      waitMs = waited;
      answeredAt = performance.now();
    },
  };
}

/** As others write it in their logs. */
const CLIENT_LEFT = 499;

function reportsOf({ headers, query }: FastifyRequest): readonly string[] {
  const inQuery = typeof query === "object" && query !== null && CMCD_PARAMETER in query ? query[CMCD_PARAMETER] : "";
  const found: readonly unknown[] = [inQuery, ...cmcdHeaders.map((name) => headers[name])];
  return found.filter((report): report is string => typeof report === "string" && report !== "");
}
