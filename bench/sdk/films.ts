import path from "node:path";
import { ffmpeg } from "../../e2e/fixtures/ffmpeg.js";

export const SEGMENT_SECONDS = 2;

/**
 * One film for everybody: a moving picture with a tone, 640×360 at 25 frames a second in two rungs of HLS with segments
 * of 2 s, `master.m3u8` and a folder for each rung.
 */
export async function makeFilm(folder: string, seconds: number): Promise<void> {
  const words = (line: string) => line.split(" ");
  // -bf 0 and a fixed GOP: each segment begins with a keyframe and shows what its number says.
  await ffmpeg(
    ...["-f", "lavfi", "-i", `testsrc2=s=640x360:r=25:d=${seconds}`, "-f", "lavfi", "-i", `sine=440:d=${seconds}`],
    ...words("-filter_complex [0:v]split[a][b];[b]scale=320:180[small] -map [small] -map 1:a -map [a] -map 1:a"),
    ...words("-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 0 -g 50 -keyint_min 50 -sc_threshold 0"),
    ...words("-b:v:0 250k -b:v:1 900k -c:a aac -b:a 64k"),
    ...words(`-f hls -hls_time ${SEGMENT_SECONDS} -hls_playlist_type vod -hls_segment_type fmp4`),
    ...words("-hls_fmp4_init_filename init.mp4 -master_pl_name master.m3u8"),
    ...["-hls_segment_filename", path.join(folder, "%v/%d.m4s")],
    ...["-var_stream_map", "v:0,a:0,name:low v:1,a:1,name:high", path.join(folder, "%v/index.m3u8")],
  );
}
