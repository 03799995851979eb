import type { IngestReply } from "@playhead/protocol";
import { AppError } from "../errors.js";

/** One refused event: its place in the body, a code for programs, a sentence for people. */
export type Rejection = IngestReply["rejected"][number];

/** No event of a body is valid: sending it again changes nothing. */
export class BatchRefusedError extends AppError {
  readonly rejected: readonly Rejection[];

  constructor(rejected: readonly Rejection[]) {
    const first = rejected[0];
    super(
      "invalid_event",
      first ? { message: `No event of this batch is valid. Event ${first.index}: ${first.message}.` } : {},
    );
    this.rejected = rejected;
  }
}
