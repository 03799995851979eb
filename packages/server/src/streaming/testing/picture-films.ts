import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ffmpeg } from "./films.js";

/** Grey stripes from left to right, by their code values in a depth. */
const stripes = (codes: readonly number[]) =>
  `lum='${codes.map((code, i) => `eq(floor(X*${codes.length}/W)\\,${i})*${code}`).join("+")}'`;
const words = (line: string) => line.split(" ");
const lavfi = (graph: string, seconds = 1) => ["-f", "lavfi", "-t", String(seconds), "-i", graph];

export const tenBits = (signal: number): number => Math.round(64 + 876 * signal);

/** SMPTE ST 2084: cd/m² to signal. */
export function pqSignal(nits: number): number {
  const power = (nits / 10_000) ** 0.1593017578125;
  return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375;
}

/** BT.2100 HLG on a screen of 1000 cd/m² (gamma 1.2), for a grey: cd/m² to signal. */
export function hlgSignal(nits: number): number {
  const scene = (nits / 1000) ** (1 / 1.2);
  return scene <= 1 / 12 ? Math.sqrt(3 * scene) : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073;
}

export const nitsShown = [0.05, 10, 25, 100, 203, 500, 1000] as const;
const greys = (signal: (nits: number) => number) =>
  `color=black:s=224x96:r=25,format=yuv420p10le,geq=${stripes(nitsShown.map((nits) => tenBits(signal(nits))))}:cb=512:cr=512`;
const x265 = (transfer: string) => [
  ...words("-c:v libx265 -preset ultrafast -crf 4 -pix_fmt yuv420p10le -x265-params"),
  `log-level=error:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc`,
];

/** BT.709's red at 20 cd/m² in BT.2020 PQ. */
function redInPq(): string {
  const [r, g, b] = [0.6274, 0.0691, 0.0164].map((part) => pqSignal(20 * part));
  if (r === undefined || g === undefined || b === undefined) throw new Error("no colour");
  const luma = 0.2627 * r + 0.678 * g + 0.0593 * b;
  const chroma = (value: number, divisor: number) => Math.round(512 + (896 * (value - luma)) / divisor);
  const codes = `lum=${tenBits(luma)}:cb=${chroma(b, 1.8814)}:cr=${chroma(r, 1.4746)}`;
  return `color=black:s=64x64:r=25,format=yuv420p10le,geq=${codes}`;
}

/** Red, green, blue and white in the corners, clockwise from the upper left one. */
const corners = [
  "color=black:s=160x96:r=25",
  "drawbox=x=0:y=0:w=40:h=40:c=red:t=fill",
  "drawbox=x=iw-40:y=0:w=40:h=40:c=lime:t=fill",
  "drawbox=x=iw-40:y=ih-40:w=40:h=40:c=blue:t=fill",
  "drawbox=x=0:y=ih-40:w=40:h=40:c=white:t=fill",
].join(",");
const x264 = words("-c:v libx264 -preset ultrafast -crf 4 -pix_fmt yuv420p");

export const eightBitCodes = [16, 60, 100, 140, 180, 220, 235] as const;
const eightBit = (size: string) => `color=black:s=${size}:r=25,geq=${stripes(eightBitCodes)}:cb=128:cr=128`;

/** A circle as it is shown in 16:9, in pixels that are wider than high (PAL: 64:45). */
const circle = `color=black:s=180x144:r=25,geq=lum='if(lt(hypot((X-90)*64/45\\,Y-72)\\,50)\\,235\\,16)':cb=128:cr=128,setsar=64/45`;

/** A white bar, 16 px wide, that moves 4 px to the right each fiftieth of a second. */
export const barAt = (second: number): number => 20 + 4 * Math.round(second * 50);
const bar = "color=black:s=320x96:r=50,geq=lum='if(between(X-20-4*N\\,0\\,15)\\,235\\,16)':cb=128:cr=128";

interface PictureFilm {
  readonly file: string;
  readonly args: readonly string[];
  /** Degrees clockwise that the finished film is marked to be turned. */
  readonly turned?: number;
}

const pictureFilms = {
  pq: { file: "pq.mkv", args: [...lavfi(greys(pqSignal)), ...x265("smpte2084")] },
  hlg: { file: "hlg.mkv", args: [...lavfi(greys(hlgSignal)), ...x265("arib-std-b67")] },
  red: { file: "red.mkv", args: [...lavfi(redInPq()), ...x265("smpte2084")] },
  full: {
    file: "full range.mp4",
    args: [
      ...lavfi(`color=black:s=224x96:r=25,geq=${stripes([0, 40, 80, 120, 160, 200, 255])}:cb=128:cr=128`),
      ...words("-c:v libx264 -preset ultrafast -crf 4 -pix_fmt yuv420p -color_range pc -colorspace bt709"),
    ],
  },
  untold: { file: "sd.avi", args: [...lavfi(eightBit("224x96")), ...words("-c:v ffv1 -pix_fmt yuv420p")] },
  hd: { file: "hd.mkv", args: [...lavfi(eightBit("1280x720"), 0.4), ...x264] },
  told: {
    file: "told.mkv",
    args: [
      ...lavfi(eightBit("224x96")),
      ...x264,
      ...words("-colorspace smpte240m -color_primaries smpte432 -color_trc iec61966-2-1"),
    ],
  },
  tenBit422: { file: "422.mkv", args: [...lavfi(eightBit("224x96")), ...words("-c:v ffv1 -pix_fmt yuv422p10le")] },
  twelveBit444: { file: "444.mkv", args: [...lavfi(eightBit("224x96")), ...words("-c:v ffv1 -pix_fmt yuv444p12le")] },
  turned90: { file: "90.mp4", args: [...lavfi(corners), ...x264], turned: 90 },
  turned180: { file: "180.mp4", args: [...lavfi(corners), ...x264], turned: 180 },
  turned270: { file: "270.mp4", args: [...lavfi(corners), ...x264], turned: 270 },
  anamorphic: { file: "pal.mkv", args: [...lavfi(circle), ...words("-c:v mpeg2video -q:v 2")] },
  odd: {
    file: "odd.webm",
    args: [...lavfi("color=white:s=213x119:r=25"), ...words("-c:v libvpx-vp9 -deadline realtime -cpu-used 8")],
  },
  interlaced: {
    file: "interlaced.mkv",
    args: [
      ...lavfi(`${bar},tinterlace=mode=interleave_top,setfield=tff`),
      ...words("-c:v mpeg2video -q:v 2 -flags +ildct+ilme -top 1 -field_order tt"),
    ],
  },
} as const satisfies Record<string, PictureFilm>;

export type PictureFilmName = keyof typeof pictureFilms;

/** Makes them all. @returns the file of each, and the function that removes them. */
export async function makePictureFilms() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "playhead-pictures-"));
  const files: Record<string, string> = {};
  const all: Readonly<Record<string, PictureFilm>> = pictureFilms;
  for (const [name, { file, args, turned }] of Object.entries(all)) {
    const target = path.join(folder, file);
    files[name] = target;
    if (turned === undefined) await ffmpeg("-v", "error", ...args, target);
    else {
      const upright = path.join(folder, `upright ${file}`);
      await ffmpeg("-v", "error", ...args, upright);
      // ffmpeg 5.1 takes the tag for an angle counter-clockwise and writes a display matrix.
      await ffmpeg(
        "-v",
        "error",
        "-i",
        upright,
        ..."-c copy -metadata:s:v".split(" "),
        `rotate=${360 - turned}`,
        target,
      );
    }
  }
  return { folder, files, remove: () => rm(folder, { recursive: true, force: true }) };
}
