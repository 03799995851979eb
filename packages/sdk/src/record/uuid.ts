import { attempt } from "../observe/guard.js";

/** A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix time in ms, then 74 random bits, so that ids made later sort later. */
export function uuidv7(unixMs: number, random = randomHex(), counter = random.slice(0, 3)): string {
  const time = hex(Math.max(0, Math.floor(unixMs)), 12).slice(-12);
  const variant = "89ab".charAt(Number.parseInt(random.charAt(3), 16) % 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

const COUNTER_BITS = 12;

/**
 * Ids for the events of one view: its own time and random bits, and the event's number where RFC 9562 §6.2 lets a counter stand.
 * So they differ in a few digits, and next to nothing is left of them in a compressed batch.
 */
export function idsFrom(unixMs: number): (seq: number) => string {
  const random = randomHex();
  return (seq) => uuidv7(unixMs + (seq >> COUNTER_BITS), random, hex(seq % 2 ** COUNTER_BITS, 3));
}

function randomHex(): string {
  // Without Web Crypto this stays: uniqueness is all that an id needs, not secrecy.
  const bytes = Uint8Array.from({ length: 10 }, () => Math.random() * 256);
  attempt(() => crypto.getRandomValues(bytes));
  return Array.from(bytes, (byte) => hex(byte, 2)).join("");
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
