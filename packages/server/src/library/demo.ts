import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import type { FastifyBaseLogger } from "fastify";

export interface DemoOptions {
  readonly mediaDir: string;
  readonly ffmpeg: string;
  readonly log: FastifyBaseLogger;
  readonly onProgress?: (message: string) => void;
}

const NAME = "Playhead demo.mp4";
const TIME_LIMIT_MS = 120_000;
const SECONDS = 30;
const RATE = 24;

/**
 * Puts a short film into a media folder that holds no file, so that there is something to play at the first look.
 * Without ffmpeg, or in a folder that can't be written, there is none: that is logged, and the start goes on.
 * @returns whether a film was made.
 */
export async function ensureDemoFilm({ mediaDir, ffmpeg, log, onProgress }: DemoOptions): Promise<boolean> {
  // Hidden, so that the library does not take the half-made one for a film; in the same folder, so that the move is atomic.
  const partial = path.join(mediaDir, `.playhead-demo-${process.pid}.part`);
  try {
    await mkdir(mediaDir, { recursive: true });
    if (await holdsFile(mediaDir)) return false;
    onProgress?.("The media folder is empty: making a short demo film");
    await execa(ffmpeg, [...demoArgs, `file:${partial}`], {
      stdin: "ignore",
      stdout: "ignore",
      timeout: TIME_LIMIT_MS,
      killSignal: "SIGKILL",
    });
    await rename(partial, path.join(mediaDir, NAME));
    return true;
  } catch (error) {
    log.warn({ err: error, mediaDir }, "No demo film could be made");
    return false;
  } finally {
    await rm(partial, { force: true }).catch(() => {});
  }
}

/** Hidden files are the system's (`.DS_Store`), not the owner's. */
async function holdsFile(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    if (!entry.isDirectory() || (await holdsFile(path.join(folder, entry.name)))) return true;
  }
  return false;
}

/** A digit of testsrc's counter at 640 px width is 64 px wide and 104 px high; the counter ends at 576 px. */
const digit = { width: 64, height: 104, right: 576 } as const;
const digits = (count: number, endingAt: number) =>
  `crop=${count * digit.width}:${digit.height}:${endingAt - count * digit.width}:0`;

/** A place that the counter does not write yet, with the outline of its noughts. */
const zero = (place: number, until: number) =>
  `drawbox=x=0:w=${digit.right - (place - 1) * digit.width}:h=ih:color=black:t=fill:enable='lt(t,${until})',` +
  `drawbox=x=${digit.right - place * digit.width + 8}:w=48:h=ih:color=white:t=8:enable='lt(t,${until})',`;

/**
 * Colours that drift, a disc that crosses once in four seconds, a bar that fills over the film, and a clock in seconds and
 * hundredths. The clock's digits are testsrc's, which needs no font file, used as a stencil.
 */
const picture = [
  // Made small and scaled up: a gradient loses nothing by it, and takes a fraction of the time.
  `gradients=s=160x90:r=${RATE}:d=${SECONDS}:n=4:c0=0x070b1f:c1=0x2b1a5e:c2=0xb5305b:c3=0xf59e4b:seed=7:speed=0.012,` +
    "format=yuv444p,scale=1280:720:flags=bilinear,format=yuv420p[colours]",
  // Fades at its rim, so that it moves smoothly.
  `color=white:s=120x120:r=${RATE}:d=0.04,format=rgba,` +
    "geq=r=255:g=255:b=255:a='clip((58-hypot(X-60,Y-60))*60,0,200)',loop=-1:1,setpts=N/FRAME_RATE/TB[disc]",
  "[colours][disc]overlay=shortest=1:x='(W-w)/2+(W/2-140)*sin(PI*t/2)':y='H-250+0*t'[moving]",
  `color=white@0.9:s=1280x10:r=${RATE},format=yuva420p[bar]`,
  `[moving][bar]overlay=shortest=1:y=H-h:x='-W+W*t/${SECONDS}'[filled]`,
  // Below ten seconds there is no digit of tens but the test picture: it is covered.
  `testsrc=s=640x${digit.height}:r=${RATE}:d=${SECONDS}:n=2,format=gray,` +
    `drawbox=x=0:w=${digit.right - 3 * digit.width}:h=ih:color=black:t=fill:enable='lt(t,10)',` +
    zero(3, 1) +
    zero(2, 0.1) +
    zero(1, 0.01) +
    "split[s1][s2]",
  `[s1]${digits(2, digit.right - 2 * digit.width)},scale=iw*2:ih*2:flags=neighbor[seconds]`,
  `[s2]${digits(2, digit.right)},pad=iw:${digit.height * 2}:0:oh-ih[hundredths]`,
  "[seconds][hundredths]hstack,pad=iw+40:ih+40:20:20[stencil]",
  `color=white:s=${4 * digit.width + 2 * digit.width + 40}x${digit.height * 2 + 40}:r=${RATE},format=rgba[white]`,
  "[white][stencil]alphamerge[clock]",
  "[filled][clock]overlay=shortest=1:x=(W-w)/2:y=150,format=yuv420p[v]",
].join(";");

/** A soft note a second, each in its own ear, on a scale of five. */
const note = (seconds: string, scale: string) =>
  `0.2*exp(-3*mod(${seconds},1))*min(1,200*mod(${seconds},1))*sin(2*PI*${scale}*pow(2,round(2.4*mod(floor(${seconds})*2,5))/12)*${seconds})`;
const tone = `aevalsrc=exprs='${note("t", "220")}|${note("t", "330")}':s=48000:d=${SECONDS}`;

const demoArgs: readonly string[] = [
  "-v",
  "error",
  "-nostdin",
  "-y",
  "-f",
  "lavfi",
  "-i",
  tone,
  "-filter_complex",
  picture,
  "-map",
  "[v]",
  "-map",
  "0:a",
  "-c:v",
  "libx264",
  "-preset",
  "ultrafast",
  "-crf",
  "18",
  "-g",
  String(2 * RATE),
  "-c:a",
  "aac",
  "-b:a",
  "128k",
  "-t",
  String(SECONDS),
  "-metadata",
  "title=Playhead demo",
  // The index in front: a browser can begin before it has the end.
  "-movflags",
  "+faststart",
  "-f",
  "mp4",
];
