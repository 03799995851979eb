import type { MediaReply } from "@playhead/protocol";
import { describe, expect, it } from "vitest";
import { expectDelivery } from "./expectation.js";

const film: MediaReply = {
  id: "1",
  title: "Film",
  path: "Film.mkv",
  durationMs: 1,
  status: "ready",
  positionMs: 0,
  container: "matroska",
  codecs: ["avc1.64001f", "ec-3"],
  chapters: [],
  tracks: [
    { kind: "video", index: 0, codec: "h264", codecString: "avc1.64001f" },
    { kind: "audio", index: 1, codec: "eac3", codecString: "ec-3" },
  ],
};

describe("expectDelivery", () => {
  it("expects the file itself where the browser plays it", () => {
    const all = { engine: "mse", supported: film.codecs, playsFile: true } as const;
    expect(expectDelivery(film, all).delivery).toBe("direct");
  });

  it("expects repackaging where only the container is in the way", () => {
    const all = { engine: "mse", supported: film.codecs, playsFile: false } as const;
    const { delivery, why } = expectDelivery(film, all);
    expect(delivery).toBe("copy");
    expect(why).toContain("Matroska");
  });

  it("expects conversion of the one stream that is not decoded", () => {
    const some = { engine: "mse", supported: ["avc1.64001f"], playsFile: false } as const;
    const { delivery, streams } = expectDelivery(film, some);
    expect(delivery).toBe("transcode");
    expect(streams.map(({ from, to }) => [from, to])).toEqual([
      ["H.264", "H.264"],
      ["Dolby Digital Plus", "AAC stereo"],
    ]);
  });

  it("expects conversion of a codec that has no name in browsers", () => {
    const tracks = [{ kind: "video", index: 0, codec: "mpeg4" }] as const;
    const none = { engine: "mse", supported: [], playsFile: false } as const;
    const { streams } = expectDelivery({ ...film, codecs: [], tracks: [...tracks] }, none);
    expect(streams[0]?.why).toBe("no browser decodes it");
  });
});
