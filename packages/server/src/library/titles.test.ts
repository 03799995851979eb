import { describe, expect, it } from "vitest";
import { titleOf } from "./titles.js";

describe("titles of films", () => {
  it.each([
    ["Film (2019)/Film (2019) 1080p.mkv", "Film", 2019],
    ["Heat.1995.1080p.BluRay.x264-GROUP.mkv", "Heat", 1995],
    ["The_Big_Sleep_1946_720p.mp4", "The Big Sleep", 1946],
    ["2001 A Space Odyssey (1968).mkv", "2001 A Space Odyssey", 1968],
    ["2001.A.Space.Odyssey.1968.2160p.UHD.BluRay.mkv", "2001 A Space Odyssey", 1968],
    ["1917.mkv", "1917", null],
    ["1917 (2019).mkv", "1917", 2019],
    ["Blade Runner 2049 (2017) [1080p].mkv", "Blade Runner 2049", 2017],
    ["Charlotte's Web.mkv", "Charlotte's Web", null],
    ["Amélie (2001)/Amélie.mkv", "Amélie", 2001],
    ["Amélie (2001)/Amélie.mkv".normalize("NFD"), "Amélie", 2001],
    ["千と千尋の神隠し.2001.1080p.mkv", "千と千尋の神隠し", 2001],
    ["Восхождение.1977.DVDRip.avi", "Восхождение", 1977],
    ["Hidden Figures (2016)/movie.mkv", "Hidden Figures", 2016],
    ["Mr. Nobody (2009).mkv", "Mr. Nobody", 2009],
    ["E.T.1982.1080p.mkv", "E.T.", 1982],
    ["holiday clip.MP4", "holiday clip", null],
    ["1080p.mkv", "1080p", null],
    ['a "quoted"\nname.mkv', 'a "quoted" name', null],
    ["Se7en.1995.WEB-DL.H.264.AAC2.0.mkv", "Se7en", 1995],
    ["Film.Name.GERMAN.1080p.WEB.h264-GRP.mkv", "Film Name", null],
    ["Alien 3 [Assembly Cut].mkv", "Alien 3", null],
    ["Playhead demo.mp4", "Playhead demo", null],
  ])("%j", (path, title, year) => {
    expect(titleOf(path)).toEqual({ title, series: null, season: null, episode: null, year });
  });
});

describe("titles of episodes", () => {
  it.each([
    ["Show/Season 1/Show.S01E02.mkv", "Show", 1, 2, "Episode 2", null],
    ["Show - 1x02 - Name.mkv", "Show", 1, 2, "Name", null],
    ["Show.Name.S03E11.The.Long.Night.1080p.WEB.H264-GRP.mkv", "Show Name", 3, 11, "The Long Night", null],
    ["Dark (2017)/Staffel 02/dark.s02e08.720p.mkv", "Dark", 2, 8, "Episode 8", 2017],
    ["The Wire/Season 4/03 - Home Rooms.mkv", "The Wire", 4, 3, "Home Rooms", null],
    ["The Wire/Season 4/Episode 12.mkv", "The Wire", 4, 12, "Episode 12", null],
    ["The Wire/S04E13 Final Grades.mkv", "The Wire", 4, 13, "Final Grades", null],
    ["Show/Specials/Show S00E01 Behind the Scenes.mkv", "Show", 0, 1, "Behind the Scenes", null],
    ["Doctor.Who.2005.S01E01.Rose.avi", "Doctor Who", 1, 1, "Rose", 2005],
    ["S.W.A.T.S02E05.mkv", "S.W.A.T.", 2, 5, "Episode 5", null],
    ["[Group] Mushishi - 07 (1080p) [A1B2C3D4].mkv", "Mushishi", null, 7, "Episode 7", null],
    ["Show S01E01-E02 Pilot.mkv", "Show", 1, 1, "Pilot", null],
    ["Show Season 2 Episode 5.mp4", "Show", 2, 5, "Episode 5", null],
    ["Даркнет/Сезон 1/Даркнет.S01E03.Имя.mkv", "Даркнет", 1, 3, "Имя", null],
    ["show_name_s10e100_the_end.mkv", "show name", 10, 100, "the end", null],
  ])("%j", (path, series, season, episode, title, year) => {
    expect(titleOf(path)).toEqual({ title, series, season, episode, year });
  });

  it.each(["Clip 1920x1080.mkv", "Ocean's 11.mkv", "12 Monkeys.mkv", "Apollo 13 - 2.mkv"])(
    "takes %j for no episode",
    (path) => {
      expect(titleOf(path).episode).toBeNull();
    },
  );
});
