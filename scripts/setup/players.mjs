import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { root } from "./step.mjs";

/** Where the example pages find the players that they show, by the names they use. */
const folder = path.join(root, "examples", "players");
const players = {
  "hls.js": "hls.js/dist/hls.min.js",
  "shaka.js": "shaka-player/dist/shaka-player.compiled.js",
  "dash.js": "dashjs/dist/modern/umd/dash.all.min.js",
  "video.js": "video.js/dist/video.min.js",
  "video.css": "video.js/dist/video-js.min.css",
};

/** Puts the installed players beside the example pages, so that these need no other site. */
export async function copyPlayers() {
  await mkdir(folder, { recursive: true });
  for (const [name, file] of Object.entries(players)) {
    await copyFile(path.join(root, "node_modules", file), path.join(folder, name));
  }
}
