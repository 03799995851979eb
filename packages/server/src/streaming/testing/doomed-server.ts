/**
 * A server in a process of its own, for tests that kill it: plays a file from a segment on, and prints the pids of its
 * ffmpegs as soon as they are at work, or, with a small look-ahead, when nobody empties their pipes any more.
 * Arguments: file, look-ahead in seconds, data folder, segment.
 */
import { startTestService } from "./test-service.js";

const [file = "", lookAheadS = "4", dataDir = "", segment = "0"] = process.argv.slice(2);
const service = await startTestService({ film: file }, { dataDir, limits: { lookAheadS: Number(lookAheadS) } });
const { playlists } = await service.play("film", /^$/);
for (const { base } of playlists) await service.bytes(`${base}/${segment}.m4s`);
const isBlocked = Number(lookAheadS) < 100;
for (;;) {
  const { runs, pausedRuns, pids } = service.streaming.stats().encoder;
  if (runs > 0 && (!isBlocked || pausedRuns === runs)) {
    process.stdout.write(`${JSON.stringify(pids)}\n`);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
}
