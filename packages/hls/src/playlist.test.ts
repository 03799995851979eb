import { describe, expect, it } from "vitest";
import { masterPlaylist, mediaPlaylist } from "./playlist.js";
import type { AudioCopy, PlaybackPlan, VideoCopy } from "./rendition.js";

const video: VideoCopy = {
  kind: "video",
  mode: "copy",
  id: "v0-copy",
  streamIndex: 0,
  codecString: "avc1.640028",
  bandwidthBps: 6_000_000,
  averageBandwidthBps: 4_000_000,
  plan: { version: "1", boundaries: [0, 2, 6.5, 10] },
  reason: "",
  width: 1920,
  height: 1080,
  frameRate: { num: 24_000, den: 1001 },
};
const audio: AudioCopy = {
  kind: "audio",
  mode: "copy",
  id: "a1-copy",
  streamIndex: 1,
  codecString: "mp4a.40.2",
  bandwidthBps: 150_000,
  averageBandwidthBps: 128_000,
  plan: { version: "1", boundaries: [0, 4, 8, 10] },
  reason: "",
  channels: 2,
  language: "en",
  name: "English",
  isDefault: true,
};
const plan = (over: Partial<PlaybackPlan>): PlaybackPlan => ({
  delivery: "copy",
  reasons: [],
  video: [video],
  audio: [audio],
  subtitles: [],
  ...over,
});

describe("the master playlist", () => {
  it("names the variant, its sound, and all that a player wants to know before it asks for bytes", () => {
    expect(masterPlaylist(plan({}))).toBe(
      `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a1-copy/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=6150000,AVERAGE-BANDWIDTH=4128000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=23.976,AUDIO="audio"
v0-copy/index.m3u8
`,
    );
  });

  it("lists each codec once, and counts the dearest track of the group", () => {
    const german: AudioCopy = { ...audio, id: "a2", codecString: "ec-3", bandwidthBps: 700_000, isDefault: false };
    const text = masterPlaylist(plan({ audio: [audio, german, { ...german, id: "a3" }] }));
    expect(text).toContain('CODECS="avc1.640028,mp4a.40.2,ec-3"');
    expect(text).toContain("BANDWIDTH=6700000");
    expect(text.match(/DEFAULT=YES/g)).toHaveLength(1);
  });

  it("has no group for a film without sound", () => {
    const text = masterPlaylist(plan({ audio: [] }));
    expect(text).not.toContain("AUDIO");
    expect(text).toContain('CODECS="avc1.640028"');
    expect(text).toContain("BANDWIDTH=6000000,AVERAGE-BANDWIDTH=4000000");
  });

  it("has the sound as its variant when there is no picture, and a group only when there is a choice", () => {
    const alone = masterPlaylist(plan({ video: [] }));
    expect(alone).not.toContain("EXT-X-MEDIA");
    expect(alone).toContain('BANDWIDTH=150000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"\na1-copy/index.m3u8\n');
    const two = masterPlaylist(
      plan({ video: [], audio: [audio, { ...audio, id: "a2", name: "B", isDefault: false }] }),
    );
    expect(two.match(/EXT-X-MEDIA:/g)).toHaveLength(2);
    expect(two).toContain('AUDIO="audio"\na1-copy/index.m3u8');
  });

  it("says the range of HDR, and leaves out what is not known", () => {
    const { averageBandwidthBps: _, ...unknown } = video;
    const text = masterPlaylist(plan({ video: [{ ...unknown, hdr: "pq", frameRate: null }] }));
    expect(text).toContain("VIDEO-RANGE=PQ");
    expect(text).not.toMatch(/AVERAGE-BANDWIDTH|FRAME-RATE/);
  });

  it("can't be broken out of by a title", () => {
    const title = 'The "director"\r\n#EXT-X-ENDLIST\u2028, cut';
    const text = masterPlaylist(plan({ audio: [{ ...audio, name: title, language: null }] }));
    expect(text).toContain(`NAME="The 'director' #EXT-X-ENDLIST , cut"`);
    expect(text.split("\n")).toHaveLength(7);
  });

  it("is refused for a plan without renditions", () => {
    expect(() => masterPlaylist(plan({ video: [], audio: [] }))).toThrow(RangeError);
  });
});

describe("a media playlist", () => {
  it("lists all segments at once and is ended", () => {
    expect(mediaPlaylist(video)).toBe(
      `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:5
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="init.mp4"
#EXTINF:2.000000,
0.m4s
#EXTINF:4.500000,
1.m4s
#EXTINF:3.500000,
2.m4s
#EXT-X-ENDLIST
`,
    );
  });

  it("sums up to the plan's boundaries within a microsecond after ten hours", () => {
    const boundaries = Array.from({ length: 18_000 }, (_, i) => (i * 48 * 1001) / 24_000);
    const text = mediaPlaylist({ ...video, plan: { version: "1", boundaries } });
    const durations = [...text.matchAll(/#EXTINF:([\d.]+),/g)].map((match) => Number(match[1]));
    expect(durations).toHaveLength(17_999);
    const sum = durations.reduce((total, duration) => total + Math.round(duration * 1e6), 0);
    expect(Math.abs(sum / 1e6 - (boundaries.at(-1) ?? 0))).toBeLessThanOrEqual(1e-6);
  });

  it("has a target that no rounded duration exceeds, and never 0", () => {
    const target = (...boundaries: number[]) =>
      /TARGETDURATION:(\d+)/.exec(mediaPlaylist({ ...video, plan: { version: "1", boundaries } }))?.[1];
    expect(target(0, 4.4)).toBe("4");
    expect(target(0, 4.5)).toBe("5");
    expect(target(0, 0.2)).toBe("1");
  });
});
