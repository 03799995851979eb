import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../errors.js";
import { parseRange } from "./byte-range.js";
import { isSameVersion, isUnchanged } from "./conditions.js";

const contentTypes: Readonly<Record<string, string>> = {
  ".mp4": "video/mp4",
  ".m4v": "video/mp4",
  ".mov": "video/quicktime",
  ".webm": "video/webm",
  ".mkv": "video/x-matroska",
  ".avi": "video/x-msvideo",
  ".ts": "video/mp2t",
  ".m2ts": "video/mp2t",
  ".mts": "video/mp2t",
  ".mpg": "video/mpeg",
  ".mpeg": "video/mpeg",
  ".ogv": "video/ogg",
  ".wmv": "video/x-ms-wmv",
  ".flv": "video/x-flv",
  ".3gp": "video/3gpp",
};

/**
 * Sends a file as it is, whole or in ranges (RFC 9110 §13, §14): 200, 206, 304, 416.
 * @throws {AppError} media_unreadable, range_not_satisfiable
 */
export async function sendFile(request: FastifyRequest, reply: FastifyReply, filePath: string): Promise<FastifyReply> {
  const handle = await open(filePath, "r").catch((cause: unknown) => {
    throw new AppError("media_unreadable", { cause });
  });
  try {
    return await send(request, reply, handle, path.extname(filePath).toLowerCase());
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  handle: FileHandle,
  extension: string,
): Promise<FastifyReply> {
  const { size, mtimeMs } = await handle.stat();
  const etag = `"${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}"`;
  const modified = new Date(Math.floor(mtimeMs / 1000) * 1000);
  reply
    .header("accept-ranges", "bytes")
    .header("etag", etag)
    .header("last-modified", modified.toUTCString())
    .header("cache-control", "private, no-cache");

  const { headers } = request;
  if (isUnchanged(headers["if-none-match"], etag, headers["if-modified-since"], modified)) {
    await handle.close();
    return reply.code(304).send();
  }
  // A range of another version of the file would be put together with this one's.
  const range = isSameVersion(headers["if-range"], etag, modified) ? parseRange(headers.range, size) : null;
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${size}`);
    throw new AppError("range_not_satisfiable");
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range !== null) reply.code(206).header("content-range", `bytes ${start}-${end}/${size}`);
  reply
    .header("content-type", contentTypes[extension] ?? "application/octet-stream")
    .header("content-length", end - start + 1);
  if (request.method === "HEAD" || size === 0) {
    await handle.close();
    return reply.send();
  }
  // The stream closes the handle, also when the client leaves.
  return reply.send(handle.createReadStream({ start, end, highWaterMark: 256 * 1024 }));
}
