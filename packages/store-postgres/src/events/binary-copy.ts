import { RejectedEventError } from "@playhead/store";

/**
 * Writes the input of `COPY … FROM STDIN (FORMAT binary)`.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-BINARY-FORMAT
 *
 * Every `put…` writes one field; null is SQL's NULL. A field's bytes are preceded by their number as int32, all big-endian.
 */
export class BinaryCopy {
  #buffer: Buffer;
  #at: number;

  /** @param sizeHint bytes expected; it grows by itself. */
  constructor(sizeHint = 64 * 1024) {
    this.#buffer = Buffer.allocUnsafe(Math.max(sizeHint, 64));
    this.#at = signature.copy(this.#buffer);
    // No flags, no header extension.
    this.#at = this.#buffer.writeInt32BE(0, this.#at);
    this.#at = this.#buffer.writeInt32BE(0, this.#at);
  }

  startRow(fields: number): void {
    this.#reserve(2);
    this.#at = this.#buffer.writeInt16BE(fields, this.#at);
  }

  putNull(): void {
    this.#reserve(4);
    this.#at = this.#buffer.writeInt32BE(-1, this.#at);
  }

  /** @throws {RejectedEventError} for what PostgreSQL's text can't hold: NUL, and half of a surrogate pair. */
  putText(value: string): void {
    this.#putString(value, 0);
  }

  /** `json` is JSON text. Its version byte, 1, comes first. */
  putJsonb(json: string): void {
    this.#putString(json, 1);
  }

  putInt4(value: number): void {
    this.#reserve(8);
    this.#at = this.#buffer.writeInt32BE(4, this.#at);
    this.#at = this.#buffer.writeInt32BE(value, this.#at);
  }

  /** @param value a safe integer. */
  putInt8(value: number): void {
    this.#reserve(12);
    this.#at = this.#buffer.writeInt32BE(8, this.#at);
    // Two halves in place of a BigInt: a third of the time. The floor gives negative numbers their two's complement.
    const high = Math.floor(value / 0x1_0000_0000);
    this.#at = this.#buffer.writeInt32BE(high, this.#at);
    this.#at = this.#buffer.writeUInt32BE(value - high * 0x1_0000_0000, this.#at);
  }

  putFloat8(value: number): void {
    this.#reserve(12);
    this.#at = this.#buffer.writeInt32BE(8, this.#at);
    this.#at = this.#buffer.writeDoubleBE(value, this.#at);
  }

  putBoolean(value: boolean): void {
    this.#reserve(5);
    this.#at = this.#buffer.writeInt32BE(1, this.#at);
    this.#at = this.#buffer.writeUInt8(value ? 1 : 0, this.#at);
  }

  /** @returns everything written, with the trailer. The encoder is used up then. */
  finish(): Buffer {
    this.#reserve(2);
    this.#at = this.#buffer.writeInt16BE(-1, this.#at);
    return this.#buffer.subarray(0, this.#at);
  }

  #putString(value: string, version: 0 | 1): void {
    // UTF-8 takes at most three bytes for a UTF-16 unit.
    this.#reserve(5 + value.length * 3);
    const start = this.#at + 4;
    if (version === 1) this.#buffer[start] = version;
    const bytes = this.#buffer.write(value, start + version, "utf8");
    // Longer than its units: not ASCII, so it may hold half a pair, which UTF-8 would quietly replace.
    if (bytes !== value.length && halfPair.test(value))
      throw new RejectedEventError("A text holds half of a surrogate pair.");
    if (value.includes("\0")) throw new RejectedEventError("A text holds a NUL character.");
    this.#buffer.writeInt32BE(bytes + version, this.#at);
    this.#at = start + version + bytes;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

const signature = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
const halfPair = /\p{Surrogate}/u;
