import { createHash } from "node:crypto";

/** Namespace of our media ids: a random UUID, fixed for ever. */
const NAMESPACE = Buffer.from("6f1d7b0c2d5e4b6f9a5c8e3b7a1f4d20", "hex");

/**
 * The id of the file at a path of the library: UUIDv5 (RFC 9562 §5.5). Made from the path alone, so that two servers
 * on one database agree on it, and a disk that was away brings its films back under their own ids and resume points.
 */
export function mediaIdOf(path: string): string {
  const hash = createHash("sha1").update(NAMESPACE).update(path).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
