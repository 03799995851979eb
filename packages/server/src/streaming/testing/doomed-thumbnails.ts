/** Makes thumbnails in a process of its own, for a test that kills it. Arguments: film, data folder, ffmpeg. */
import { itemOf } from "./test-service.js";
import { startThumbnails } from "./test-thumbnails.js";

const [film = "", dataDir = "", ffmpeg = ""] = process.argv.slice(2);
const item = await itemOf("film", film);
(await startThumbnails([item], { dataDir, ffmpeg })).vtt(item);
