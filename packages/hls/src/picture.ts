import type { Size } from "./display-size.js";
import type { Colour, VideoStream } from "./media-info.js";

/** What the ffmpeg at hand can do, beyond what every one can. */
export interface PictureMeans {
  /** It has the `zscale` filter (zimg), which knows transfer functions. */
  readonly zscale: boolean;
}

/** Changes whenever the filters below would give other pixels. */
export const PICTURE_FORMAT = "p1";

/** Codes of ITU-T H.273, which H.264 (annex E) and MP4's `colr` share. */
interface ColourCodes {
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
}

const BT709: ColourCodes = { primaries: 1, transfer: 1, matrix: 1 };
const primariesCodes: Readonly<Record<string, number>> = {
  bt709: 1,
  bt470m: 4,
  bt470bg: 5,
  smpte170m: 6,
  smpte240m: 7,
  film: 8,
  bt2020: 9,
  smpte431: 11,
  smpte432: 12,
};
const transferCodes: Readonly<Record<string, number>> = {
  bt709: 1,
  bt470m: 4,
  gamma22: 4,
  bt470bg: 5,
  gamma28: 5,
  smpte170m: 6,
  smpte240m: 7,
  "iec61966-2-1": 13,
  "bt2020-10": 14,
  "bt2020-12": 15,
};
const matrixCodes: Readonly<Record<string, number>> = {
  bt709: 1,
  fcc: 4,
  bt470bg: 5,
  smpte170m: 6,
  smpte240m: 7,
  bt2020nc: 9,
};
/** The same matrices as the scaler names them. */
const scalerMatrix: Readonly<Record<number, string>> = {
  1: "bt709",
  4: "fcc",
  5: "bt470",
  6: "smpte170m",
  7: "smpte240m",
  9: "bt2020",
};

/** Up to here a film that tells no colours is of the age of BT.601: those of PAL have 576 lines, of NTSC 480. */
const SD_WIDTH = 1024;
const PAL_LINES = 576;
const NTSC_LINES = 480;

/** Colours of what is delivered: the source's own, and where it tells none those usual for its size. SDR always. */
function deliveredColours({ hdr, width, height, colour }: VideoStream): ColourCodes {
  if (hdr !== null) return BT709;
  const usual =
    width > SD_WIDTH || height > PAL_LINES
      ? BT709
      : { primaries: height > NTSC_LINES ? 5 : 6, transfer: 6, matrix: height > NTSC_LINES ? 5 : 6 };
  const matrix = matrixCodes[colour?.matrix ?? ""] ?? usual.matrix;
  // What is half told is completed by its own kind.
  const kind = matrix === usual.matrix ? usual : matrix === 9 ? { primaries: 9, transfer: 14 } : BT709;
  return {
    matrix,
    primaries: primariesCodes[colour?.primaries ?? ""] ?? kind.primaries,
    transfer: transferCodes[colour?.transfer ?? ""] ?? kind.transfer,
  };
}

/**
 * Names the colours in the bitstream and the boxes. Untold, a browser guesses them by the size of what it gets, which
 * a rung has changed.
 */
export function colourArgs(stream: VideoStream): readonly string[] {
  const { primaries, transfer, matrix } = deliveredColours(stream);
  return [
    ["-color_primaries", String(primaries), "-color_trc", String(transfer)],
    ["-colorspace", String(matrix), "-color_range", "tv"],
  ].flat();
}

/** From decoded pictures to 8-bit 4:2:0 of this size in square pixels, SDR, limited range. */
export function pictureFilters(stream: VideoStream, { width, height }: Size, means: PictureMeans): readonly string[] {
  const size = `${width}:${height}`; // reckoned from the displayed aspect
  if (stream.hdr !== null) return [...toneMapping(stream.hdr, stream.colour, size, means), "setsar=1"];
  const matrix = scalerMatrix[deliveredColours(stream).matrix] ?? "bt709";
  return [
    `scale=${size}:${scaledFrom(stream)}out_color_matrix=${matrix}:out_range=limited`,
    "setsar=1",
    "format=yuv420p",
  ];
}

/** The same for a JPEG, whose colours are those of BT.601 in full range (JFIF). */
export function stillFilters(stream: VideoStream, size: Size, means: PictureMeans): readonly string[] {
  const matrix = scalerMatrix[deliveredColours(stream).matrix] ?? "bt709";
  const toJpeg = `scale=in_color_matrix=${matrix}:in_range=limited:out_color_matrix=bt601:out_range=full`;
  return [...pictureFilters(stream, size, means), toJpeg, "format=yuvj420p"];
}

/** The matrix is kept, not converted; RGB has none. The container's word counts where the frames tell nothing. */
function scaledFrom({ colour, pixelFormat }: VideoStream): string {
  const range = colour?.range === "full" ? "in_range=full:" : "";
  const isRgb = colour?.matrix === "gbr" || /^(gbr|rgb|bgr|argb|abgr)/.test(pixelFormat ?? "");
  const told = matrixCodes[colour?.matrix ?? ""];
  return `${range}${isRgb || told === undefined ? "" : `in_color_matrix=${scalerMatrix[told] ?? "bt709"}:`}`;
}

/** Where SDR's white lies, cd/m² (BT.2100's PQ and HLG are both reckoned to it), and where highlights become white. */
const WHITE_NITS = 100;
const PEAK_NITS = 1000;
/**
 * Shadows and skin up to this part of white stay as they are; above, the curve bends. It puts HDR's paper white
 * (203 cd/m², BT.2408) at 83 % of SDR's light, as BT.2390 does; Hable's curve would leave 51 %.
 */
const KNEE = 0.3;

/**
 * From BT.2020 PQ or HLG to BT.709. Scaled first: the curve is reckoned in floating point, and costs by the pixel. The
 * peak is fixed, not read from the stream: each run must draw the same picture.
 */
function toneMapping(
  hdr: "pq" | "hlg",
  colour: Colour | undefined,
  size: string,
  { zscale }: PictureMeans,
): readonly string[] {
  const range = colour?.range ?? "limited";
  if (!zscale) return toneMappingByTable(hdr, range, size);
  const transfer = hdr === "pq" ? "smpte2084" : "arib-std-b67";
  return [
    `scale=${size}`,
    "format=yuv420p10le",
    // What comes in is named, as some files tell their transfer only.
    `zscale=min=2020_ncl:pin=2020:tin=${transfer}:rin=${range}:t=linear:npl=${WHITE_NITS}`,
    "format=gbrpf32le",
    "zscale=p=709",
    `tonemap=mobius:param=${KNEE}:peak=${PEAK_NITS / WHITE_NITS}:desat=0`,
    "zscale=t=709:m=709:r=limited",
    "format=yuv420p",
  ];
}

/** The same curve for each primary by a table: any ffmpeg can. BT.2020's primaries stay, so colours come out paler. */
function toneMappingByTable(hdr: "pq" | "hlg", range: string, size: string): readonly string[] {
  const peak = PEAK_NITS / WHITE_NITS;
  const a = (-KNEE * KNEE * (peak - 1)) / (KNEE * KNEE - 2 * KNEE + peak);
  const b = (KNEE * KNEE - 2 * KNEE * peak + peak) / (peak - 1);
  const factor = (b * b + 2 * b * KNEE + KNEE * KNEE) / (b - a);
  const curve = [
    `st(0,${hdr === "pq" ? PQ_LIGHT : HLG_LIGHT})`,
    `st(1,if(lte(ld(0),${KNEE}),ld(0),${factor}*(ld(0)+${a})/(ld(0)+${b})))`,
    "maxval*pow(clip(ld(1),0,1),1/2.4)",
  ].join(";");
  return [
    `scale=${size}:in_color_matrix=bt2020:in_range=${range}`,
    "format=gbrp10le",
    `lutrgb=r='${curve}':g='${curve}':b='${curve}'`,
    "scale=out_color_matrix=bt709:out_range=limited",
    "format=yuv420p",
  ];
}

/** Light in parts of `WHITE_NITS` from a code value (ffmpeg also asks for ones past the largest): SMPTE ST 2084, and BT.2100's HLG with its OOTF for a grey. */
const PQ_LIGHT =
  "st(2,pow(min(val/maxval,1),1/78.84375))*0+100*pow(max(ld(2)-0.8359375,0)/(18.8515625-18.6875*ld(2)),1/0.1593017578125)";
const HLG_LIGHT =
  "10*pow(if(lte(val/maxval,0.5),pow(val/maxval,2)/3,(exp((val/maxval-0.55991073)/0.17883277)+0.28466892)/12),1.2)";
