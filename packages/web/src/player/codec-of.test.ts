import type { MediaReply } from "@playhead/protocol";
import { expect, it } from "vitest";
import { codecOf } from "./codec-of.js";

type Track = MediaReply["tracks"][number];

it.each<[string, readonly Partial<Track>[]]>([
  [
    "avc1.640028,mp4a.40.2",
    [
      { kind: "video", codec: "h264", codecString: "avc1.640028" },
      { kind: "audio", codec: "ac3", codecString: "ac-3" },
      { kind: "audio", codec: "aac", codecString: "mp4a.40.2", default: true },
      { kind: "subtitle", codec: "subrip" },
    ],
  ],
  ["mpeg2video,mp4a.40.2", [{ codec: "mpeg2video" }, { kind: "audio", codec: "aac", codecString: "mp4a.40.2" }]],
  ["flac", [{ kind: "audio", codec: "flac", codecString: "flac" }]],
  ["", []],
])("a film's codecs are those that playing begins with: %s", (codec, tracks) => {
  expect(codecOf({ tracks: tracks.map((track, index) => ({ kind: "video", codec: "", index, ...track })) })).toBe(
    codec,
  );
});
