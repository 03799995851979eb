import type { MediaReply } from "@playhead/protocol";

/** Of the picture and the sound that a player begins with; by ffmpeg's name where a codec has no other. */
export function codecOf({ tracks }: Pick<MediaReply, "tracks">): string {
  const begun = (["video", "audio"] as const).flatMap((kind) => {
    const [first, ...others] = tracks.filter((track) => track.kind === kind);
    return first === undefined || first.default ? (first ?? []) : (others.find((track) => track.default) ?? first);
  });
  return begun.map(({ codecString, codec }) => codecString ?? codec).join(",");
}
