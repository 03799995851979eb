import { describe, expect, it } from "vitest";
import type { MediaInfo, SubtitleStream } from "../media-info.js";
import { masterPlaylist, subtitlePlaylist } from "../playlist.js";
import { subtitlePassArgs } from "./subtitle-args.js";
import { type SideSubtitle, subtitleRenditions, textStreams } from "./subtitle-renditions.js";

const stream = (over: Partial<SubtitleStream>): SubtitleStream => ({
  index: 2,
  codec: "subrip",
  codecString: null,
  bitrateBps: null,
  startTimeMs: null,
  durationMs: null,
  language: null,
  title: null,
  isDefault: false,
  kind: "text",
  forced: false,
  hearingImpaired: false,
  ...over,
});
const film = (...subtitles: readonly SubtitleStream[]): MediaInfo => ({
  container: "matroska",
  durationMs: 70_000,
  startTimeMs: 0,
  sizeBytes: 1,
  bitrateBps: null,
  video: [],
  audio: [],
  subtitles,
  chapters: [],
  keyframes: null,
  packageable: true,
});
const side = (over: Partial<SideSubtitle>): SideSubtitle => ({
  id: "x1",
  version: "1",
  language: null,
  title: null,
  isDefault: false,
  forced: false,
  hearingImpaired: false,
  ...over,
});

describe("subtitle renditions", () => {
  it("are the text tracks of the film and the files beside it, each under a name of its own", () => {
    const info = film(
      stream({ language: "eng", isDefault: true }),
      stream({ index: 3, codec: "ass", language: "eng", title: "Signs", forced: true, isDefault: true }),
      stream({ index: 4, codec: "hdmv_pgs_subtitle", kind: "bitmap" }),
      stream({ index: 5, codec: "ttml" }),
    );
    const found = subtitleRenditions(info, [side({ language: "en" }), side({ id: "x2", hearingImpaired: true })]);
    expect(found.map(({ id, name, language, isDefault, forced }) => [id, name, language, isDefault, forced])).toEqual([
      ["s2", "English", "en", true, false],
      ["s3", "English, Signs (forced)", "en", false, true],
      ["x1", "English (2)", "en", false, false],
      ["x2", "Subtitles (SDH)", null, false, false],
    ]);
  });

  it("are listed whole, in segments of 30 s", () => {
    const [first] = subtitleRenditions(film(stream({})), []);
    const text = first && subtitlePlaylist(first);
    expect(text).toContain("#EXT-X-TARGETDURATION:30\n");
    expect(text).not.toContain("EXT-X-MAP");
    expect(text?.match(/^\d+\.vtt$/gm)).toEqual(["0.vtt", "1.vtt", "2.vtt"]);
    expect(text).toContain("#EXTINF:10.000000,\n2.vtt\n#EXT-X-ENDLIST");
  });

  it("are told to players with language, marks and group", () => {
    const subtitles = subtitleRenditions(film(stream({ language: "ger", forced: true, hearingImpaired: true })), []);
    const video = {
      kind: "video",
      mode: "copy",
      id: "v0-copy",
      streamIndex: 0,
      codecString: "avc1.640028",
      bandwidthBps: 1,
      plan: { version: "1", boundaries: [0, 1] },
      reason: "",
      width: 16,
      height: 9,
      frameRate: null,
    } as const;
    const text = masterPlaylist({ delivery: "copy", reasons: [], video: [video], audio: [], subtitles });
    expect(text).toContain(
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="German (forced, SDH)",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,' +
        'FORCED=YES,CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound",' +
        'URI="s2/index.m3u8"',
    );
    expect(text).toMatch(/#EXT-X-STREAM-INF:.*,SUBTITLES="subtitles"\n/);
  });
});

describe("the pass over a film", () => {
  it("reads all text at once, each stream to a pipe of its own", () => {
    const info = film(stream({}), stream({ index: 3, codec: "ass" }), stream({ index: 4, codec: "mov_text" }));
    const args = subtitlePassArgs({ input: "/f.mkv", info, streams: textStreams(info), fromS: 10 }).join(" ");
    expect(args).toContain("-ss 10.000000");
    expect(args).toContain("-map 0:2 -c:s copy -avoid_negative_ts disabled -flush_packets 1 -f srt pipe:3");
    expect(args).toContain("-ignore_readorder 1 -f ass pipe:4");
    expect(args).toContain("-map 0:4 -c:s srt");
  });
});
