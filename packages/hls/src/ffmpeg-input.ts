/** What both kinds of run say before their input. */
export interface RunInput {
  /** Absolute path of the file. */
  readonly input: string;
  /** Where to begin to read, seconds from the presentation's start. */
  readonly seekS: number;
}

export function inputArgs({ input, seekS }: RunInput): readonly string[] {
  return [
    ["-hide_banner", "-loglevel", "warning", "-nostats"],
    ["-nostdin"], // else it would take what comes on the server's stdin for commands
    // The frames are chosen by the filters, which know the plan. ffmpeg's own cut would also drop the picture that is
    // still shown at the cut.
    ["-noaccurate_seek"],
    seekS > 0 ? ["-ss", seconds(seekS)] : [], // counted from the file's own start time
    ["-protocol_whitelist", "file,pipe"], // a playlist in disguise can't make us fetch from the network
    ["-i", `file:${input}`], // the prefix keeps a leading dash or a colon in the name from meaning anything
    ["-copyts"], // the filters see the file's times, wherever the run begins
  ].flat();
}

/** The same for every run of a rendition, so that its init segment is too. */
export const anonymous: readonly string[] = [
  ["-map_metadata", "-1", "-map_chapters", "-1"], // titles and chapters are told by our own routes
  ["-fflags", "+bitexact", "-flags", "+bitexact"], // no encoder's name and version in the bytes
].flat();

/** Never in exponent form. */
export const seconds = (s: number): string => s.toFixed(6);
