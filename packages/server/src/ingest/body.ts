import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AppError } from "../errors.js";

/** Most bytes of a body, as sent and once inflated. */
export const MAX_BODY_BYTES = 1024 * 1024;

export interface JsonBody {
  readonly json: unknown;
  /** Length of its text. */
  readonly chars: number;
}

/** RFC 1952 §2.3.1. */
const GZIP_MAGIC = [0x1f, 0x8b];

const inflate = promisify(gunzip);

/**
 * Bytes to text. A compressed body is inflated up to {@link MAX_BODY_BYTES} and no further, so that a small one can't fill the memory.
 * @throws {AppError} `bad_request`, `payload_too_large`, `unsupported_media_type`
 */
export async function readTextBody(body: unknown, contentEncoding: string | undefined): Promise<string> {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new AppError("bad_request", { message: "The body is empty." });
  return decodeText(await decompress(body, contentEncoding), "bad_request");
}

/**
 * The same, and then JSON.
 * @throws {AppError} `invalid_json`, `bad_request`, `payload_too_large`, `unsupported_media_type`
 */
export async function readJsonBody(body: unknown, contentEncoding: string | undefined): Promise<JsonBody> {
  if (!Buffer.isBuffer(body) || body.length === 0)
    throw new AppError("invalid_json", { message: "The body is empty." });
  const text = decodeText(await decompress(body, contentEncoding), "invalid_json");
  try {
    return { json: JSON.parse(text), chars: text.length };
  } catch (cause) {
    throw new AppError("invalid_json", { cause });
  }
}

async function decompress(body: Buffer, contentEncoding = "identity"): Promise<Buffer> {
  const encoding = contentEncoding.trim().toLowerCase();
  const plain = encoding === "identity" || encoding === "";
  // No JSON begins so. A page of another site can't name an encoding without a preflight, which a page that goes has no time for.
  if (plain && !(body[0] === GZIP_MAGIC[0] && body[1] === GZIP_MAGIC[1])) return body;
  if (!plain && encoding !== "gzip" && encoding !== "x-gzip") {
    throw new AppError("unsupported_media_type", { message: "A body may be compressed with gzip only." });
  }
  try {
    return await inflate(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      throw new AppError("payload_too_large", { cause });
    }
    throw new AppError("bad_request", { message: "The body is not valid gzip.", cause });
  }
}

/** Invalid UTF-8 is refused, where a lenient decoder would store replacement characters. */
function decodeText(bytes: Buffer, code: "bad_request" | "invalid_json"): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError(code, { message: "The body is not valid UTF-8.", cause });
  }
}
