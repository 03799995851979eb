import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const FILM_SECONDS = 24;
export const SEGMENT_SECONDS = 2;

export interface Film {
  /** Holds `master.m3u8`, and `low/` and `high/` with their playlists and segments; and `film.mp4`. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** A moving picture with a tone, in two rungs of fragmented-MP4 HLS and as one file. */
export async function makeFilm(): Promise<Film> {
  const folder = await mkdtemp(join(tmpdir(), "playhead-sdk-"));
  const run = (args: string[]) =>
    promisify(execFile)("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", ...args], { cwd: folder });
  const words = (line: string) => line.split(" ");
  const source = ["-f", "lavfi", "-i", `testsrc2=s=640x360:r=25:d=${FILM_SECONDS}`];
  const tone = ["-f", "lavfi", "-i", `sine=440:d=${FILM_SECONDS}`];
  // -bf 0 and a fixed GOP: each segment begins with a keyframe and shows what its number says.
  await run([
    ...source,
    ...tone,
    ...words("-filter_complex [0:v]split[a][b];[b]scale=320:180[small] -map [small] -map 1:a -map [a] -map 1:a"),
    ...words("-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 0 -g 50 -keyint_min 50 -sc_threshold 0"),
    ...words("-b:v:0 250k -b:v:1 900k -c:a aac -b:a 64k"),
    ...words(`-f hls -hls_time ${SEGMENT_SECONDS} -hls_playlist_type vod -hls_segment_type fmp4`),
    ...words("-hls_fmp4_init_filename init.mp4 -master_pl_name master.m3u8 -hls_segment_filename %v/%d.m4s"),
    "-var_stream_map",
    "v:0,a:0,name:low v:1,a:1,name:high",
    "%v/index.m3u8",
  ]);
  await run(["-i", "low/index.m3u8", "-c", "copy", "-movflags", "+faststart", "film.mp4"]);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
