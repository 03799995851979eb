import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new token: 144 random bits, URL-safe. */
export const newToken = (): string => randomBytes(18).toString("base64url");

/** Tokens are kept and compared as hashes only. */
export const sha256 = (token: string): Uint8Array => createHash("sha256").update(token).digest();

/** Compares two secrets in a time that tells nothing of either. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

/** The token of an `Authorization: Bearer …` header (RFC 6750 §2.1). */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
}
