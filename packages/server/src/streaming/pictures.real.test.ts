import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeliveredPictures, deliveredPictures } from "./testing/delivered-pictures.js";
import { barAt, eightBitCodes, makePictureFilms, nitsShown, type PictureFilmName } from "./testing/picture-films.js";
import { startTestService, type TestService } from "./testing/test-service.js";

let films: Awaited<ReturnType<typeof makePictureFilms>>;
let service: TestService;

beforeAll(async () => {
  films = await makePictureFilms();
  service = await startTestService(films.files);
}, 120_000);
afterAll(async () => {
  await service.stop();
  await films.remove();
});

/** The first second of a film, as a browser gets it that plays none of its codecs. */
async function delivered(name: PictureFilmName, of = service): Promise<DeliveredPictures> {
  const { playlists } = await of.play(name, /^$/);
  const { base = "", boundaries = [] } = playlists.find(({ kind }) => kind === "video") ?? {};
  const parts = [await of.bytes(`${base}/init.mp4`)];
  for (let index = 0; index < boundaries.length - 1; index++) parts.push(await of.bytes(`${base}/${index}.m4s`));
  return await deliveredPictures(films.folder, parts);
}

const stripesOf = ({ luma, width }: DeliveredPictures, picture = 3) =>
  Array.from({ length: 7 }, (_, i) => luma(picture, Math.round(((i + 0.5) * width) / 7), 40));
const near = (value: number, wanted: number, within: number) =>
  expect(Math.abs(value - wanted), `${value} instead of ${wanted}`).toBeLessThanOrEqual(within);

/** The curve that the documentation names: a straight line up to 0.3 of SDR's white, Möbius' above, 1000 cd/m² at its end. */
function shownAs(nits: number): number {
  const [x, knee, peak] = [nits / 100, 0.3, 10];
  const a = (-knee * knee * (peak - 1)) / (knee * knee - 2 * knee + peak);
  const b = (knee * knee - 2 * knee * peak + peak) / (peak - 1);
  const light = x <= knee ? x : ((b * b + 2 * b * knee + knee * knee) / (b - a)) * ((x + a) / (x + b));
  return 16 + 219 * light ** (1 / 2.4);
}

describe.each(["pq", "hlg"] as const)("a film in %s", (name) => {
  it("has the light of SDR: shadows as they are, highlights bent to white", async () => {
    const pictures = await delivered(name);
    expect(pictures.told).toMatchObject({
      pix_fmt: "yuv420p",
      color_range: "tv",
      color_space: "bt709",
      color_transfer: "bt709",
      color_primaries: "bt709",
    });
    for (const [i, nits] of nitsShown.entries()) near(stripesOf(pictures)[i] ?? 0, shownAs(nits), 3);
    for (const code of pictures.at(3, 112, 40).slice(1)) near(code, 128, 2);
  });
});

it("an HDR film's BT.709 red is BT.709's red", async () => {
  const red = 0.2 ** (1 / 2.4);
  const [luma, cb, cr] = (await delivered("red")).at(3, 32, 32);
  near(luma, 16 + 219 * 0.2126 * red, 3);
  near(cb, 128 + (224 * (0 - 0.2126 * red)) / 1.8556, 3);
  near(cr, 128 + (224 * (red - 0.2126 * red)) / 1.5748, 3);
});

it.each(["pq", "hlg"] as const)("a film in %s has that light through an ffmpeg without zimg, too", async (name) => {
  const ffmpeg = path.join(import.meta.dirname, "testing/no-zscale-ffmpeg.sh");
  const other = await startTestService({ [name]: films.files[name] ?? "" }, { ffmpeg });
  try {
    const pictures = await delivered(name, other);
    expect(other.logged.join()).toContain("no zscale filter");
    expect(pictures.told).toMatchObject({ color_range: "tv", color_space: "bt709", color_primaries: "bt709" });
    for (const [i, nits] of nitsShown.entries()) near(stripesOf(pictures)[i] ?? 0, shownAs(nits), 5);
  } finally {
    await other.stop();
  }
});

describe("colours of an SDR film", () => {
  it("in full range come in limited range", async () => {
    const pictures = await delivered("full");
    expect(pictures.told).toMatchObject({ color_range: "tv", color_space: "bt709" });
    for (const [i, code] of [0, 40, 80, 120, 160, 200, 255].entries()) {
      near(stripesOf(pictures)[i] ?? 0, 16 + (code * 219) / 255, 2);
    }
  });

  it("that tells none are named by its size: BT.601 in SD, BT.709 in HD", async () => {
    expect((await delivered("untold")).told).toMatchObject({ color_space: "smpte170m", color_primaries: "smpte170m" });
    expect((await delivered("hd")).told).toMatchObject({ color_space: "bt709", color_primaries: "bt709" });
  });

  it("that tells them are carried", async () => {
    const { told } = await delivered("told");
    expect(told).toMatchObject({
      color_space: "smpte240m",
      color_primaries: "smpte432",
      color_transfer: "iec61966-2-1",
    });
  });

  it.each(["untold", "told", "tenBit422", "twelveBit444"] as const)("keep their values: %s", async (name) => {
    const pictures = await delivered(name);
    expect(pictures.told).toMatchObject({ pix_fmt: "yuv420p", profile: "High" });
    for (const [i, code] of eightBitCodes.entries()) near(stripesOf(pictures)[i] ?? 0, code, 2);
  });
});

describe("the shape of a film", () => {
  /** Red, green, blue, white by their chroma. */
  const colourAt = (pictures: DeliveredPictures, x: number, y: number) => {
    const [luma, cb, cr] = pictures.at(3, x, y);
    if (luma > 200 && Math.abs(cb - 128) < 20 && Math.abs(cr - 128) < 20) return "white";
    if (cr > 190) return "red";
    return cb > 190 ? "blue" : cr < 90 ? "green" : "none";
  };
  it.each([
    ["turned90", 96, 160, ["white", "red", "green", "blue"]],
    ["turned180", 160, 96, ["blue", "white", "red", "green"]],
    ["turned270", 96, 160, ["green", "blue", "white", "red"]],
  ] as const)("that is to be turned is upright: %s", async (name, width, height, clockwise) => {
    const pictures = await delivered(name);
    expect(pictures).toMatchObject({ width, height });
    const places = [
      [20, 20],
      [width - 20, 20],
      [width - 20, height - 20],
      [20, height - 20],
    ] as const;
    expect(places.map(([x, y]) => colourAt(pictures, x, y))).toEqual(clockwise);
  });

  it("with wide pixels keeps circles round", async () => {
    const pictures = await delivered("anamorphic");
    expect(pictures).toMatchObject({ width: 256, height: 144 });
    const row = Array.from({ length: 256 }, (_, x) => pictures.luma(3, x, 72)).filter((luma) => luma > 128).length;
    const column = Array.from({ length: 144 }, (_, y) => pictures.luma(3, 128, y)).filter((luma) => luma > 128).length;
    near(row, 100, 3);
    near(column, 100, 3);
  });

  it("with an odd size has an even one, and its picture goes to the edge", async () => {
    const pictures = await delivered("odd");
    expect(pictures).toMatchObject({ width: 212, height: 118 });
    for (const [x, y] of [[0, 0] as const, [211, 117] as const]) near(pictures.luma(3, x, y), 235, 3);
  });
});

describe("an interlaced film", () => {
  it("comes without combs, with a picture for each field", async () => {
    const pictures = await delivered("interlaced");
    expect(pictures.told["field_order"]).toBe("progressive");
    expect(pictures.count).toBe(50);
    for (let picture = 6; picture < 44; picture++) {
      let combs = 0;
      const edges: number[] = [];
      for (let y = 20; y < 76; y++) {
        const row = Array.from({ length: 320 }, (_, x) => pictures.luma(picture, x, y));
        edges.push(row.findIndex((luma) => luma > 128));
        // Where lines differ from both neighbours to the same side, the fields of two moments are woven together.
        for (let x = 0; x < 320; x++) {
          const [up, at, down] = [-1, 0, 1].map((line) => pictures.luma(picture, x, y + line));
          if (((up ?? 0) - (at ?? 0)) * ((down ?? 0) - (at ?? 0)) > 2500) combs++;
        }
      }
      expect(combs, `combs in picture ${picture}`).toBeLessThan(60);
      const middle = edges.toSorted((a, b) => a - b)[edges.length >> 1] ?? 0;
      near(middle, barAt(pictures.times[picture] ?? 0), 3);
    }
  });
});
