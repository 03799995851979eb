export interface ProbeErrorOptions {
  readonly cause?: unknown;
  /** The file is not to blame: look at it again at the next start. */
  readonly again?: boolean;
}

/** Why a file can't be played. The message is read by the owner of the file. */
export class ProbeError extends Error {
  override readonly name: string = "ProbeError";
  readonly again: boolean;

  constructor(reason: string, options: ProbeErrorOptions = {}) {
    super(reason, { cause: options.cause });
    this.again = options.again ?? false;
  }
}

/** ffprobe itself can't be run: it concerns every file, not this one. */
export class FfprobeMissingError extends ProbeError {
  override readonly name = "FfprobeMissingError";

  constructor(ffprobe: string, cause: unknown) {
    super(
      `ffprobe (${ffprobe}) is not installed or does not start. Install ffmpeg (Debian: apt-get install ffmpeg) ` +
        "or set PLAYHEAD_FFPROBE, then restart.",
      { cause, again: true },
    );
  }
}
