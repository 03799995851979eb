/** What comes out of an encoder, cut to the plan. */
export type Piece =
  | { readonly type: "init"; readonly bytes: Uint8Array }
  | { readonly type: "segment"; readonly index: number; readonly bytes: Uint8Array };

/** Turns what ffmpeg writes into the segments of the plan. Pure: bytes in, segments out. */
export interface EncoderOutput {
  /**
   * @returns what this chunk completes, in order.
   * @throws {PlanViolation} when the bytes are not those of the plan.
   */
  push(chunk: Uint8Array): Piece[];
  /** ffmpeg ended well. @returns the rest: what the plan still promises and the source no longer holds. */
  end(): Piece[];
}

/** ffmpeg delivered something else than the playlist says. */
export class PlanViolation extends Error {
  override readonly name = "PlanViolation";
}
