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
    expect(expectDelivery(film, all, true).delivery).toBe("direct");
  });

  it("expects repackaging where only the container is in the way", () => {
    const all = { engine: "mse", supported: film.codecs, playsFile: false } as const;
    const { delivery, why } = expectDelivery(film, all, true);
    expect(delivery).toBe("copy");
    expect(why).toContain("Matroska");
  });

  it("expects conversion of the one stream that is not decoded", () => {
    const some = { engine: "mse", supported: ["avc1.64001f"], playsFile: false } as const;
    const { delivery, streams } = expectDelivery(film, some, true);
    expect(delivery).toBe("transcode");
    expect(streams.map(({ from, to }) => [from, to])).toEqual([
      ["H.264", "H.264"],
      ["Dolby Digital Plus", "AAC stereo"],
    ]);
  });

  it("expects conversion of HDR only where the screen does not show it", () => {
    const [video, audio] = film.tracks;
    const hdr = { ...film, tracks: [{ ...video!, hdr: true }, audio!] };
    const all = { engine: "mse", supported: film.codecs, playsFile: true } as const;
    expect(expectDelivery(hdr, all, true).delivery).toBe("direct");
    const { delivery, why, streams } = expectDelivery(hdr, all, false);
    expect([delivery, streams[0]?.from, streams[0]?.to]).toEqual(["transcode", "H.264 HDR", "H.264"]);
    expect(why).toContain("brightness");
  });

  it("expects conversion of a picture that can't be repackaged, unless the file itself plays", () => {
    const [video, audio] = film.tracks;
    const open = { ...film, tracks: [{ ...video!, noCopy: "Video has open groups of pictures" }, audio!] };
    const copied = { engine: "mse", supported: film.codecs, playsFile: false } as const;
    const { delivery, why, streams } = expectDelivery(open, copied, true);
    expect([delivery, streams[0]?.to, streams[1]?.to]).toEqual(["transcode", "new H.264", "Dolby Digital Plus"]);
    expect(why).toContain("open groups of pictures, so");
    expect(expectDelivery(open, { ...copied, playsFile: true }, true).delivery).toBe("direct");
  });

  it("expects conversion of a codec that has no name in browsers", () => {
    const tracks = [{ kind: "video", index: 0, codec: "mpeg4" }] as const;
    const none = { engine: "mse", supported: [], playsFile: false } as const;
    const { streams } = expectDelivery({ ...film, codecs: [], tracks: [...tracks] }, none, true);
    expect(streams[0]?.why).toBe("no browser decodes it");
  });
});
