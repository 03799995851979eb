import { attempt } from "../observe/guard.js";

/** A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix time in ms, then 74 random bits, so that ids made later sort later. */
export function uuidv7(unixMs: number): string {
  const time = Math.max(0, Math.floor(unixMs)).toString(16).padStart(12, "0").slice(-12);
  const random = randomHex();
  const variant = "89ab".charAt(Number.parseInt(random.charAt(3), 16) % 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

function randomHex(): string {
  // Without Web Crypto this stays: uniqueness is all that an id needs, not secrecy.
  const bytes = Uint8Array.from({ length: 10 }, () => Math.random() * 256);
  attempt(() => crypto.getRandomValues(bytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
