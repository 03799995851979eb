import { hlsEngine, thisBrowser } from "./capabilities.js";
import { loadHls } from "./hls-player.js";

/** Gets what Play will need while another page is read: the player's chunks. */
export function warmUp(): void {
  import("./player-page.js").catch(() => undefined);
  if (hlsEngine(thisBrowser()) === "mse") loadHls().catch(() => undefined);
}
