import { guard } from "../../observe/guard.js";
import { type Stop, startAll } from "../../observe/listen.js";
import type { Observed } from "../../observe/observed.js";
import { observeHlsErrors } from "./errors.js";
import type { HlsLike, HlsListener } from "./hls-like.js";
import { observeHlsQuality } from "./quality.js";
import { observeHlsRequests } from "./requests.js";

/** Listens to one event of hls.js; its handler cannot throw into the player. */
export type On = (event: string, listener: HlsListener) => Stop;

/** What hls.js tells beyond its element: renditions, requests, errors. */
export function observeHls(observed: Observed, hls: HlsLike): Stop {
  const on: On = (event, listener) => {
    const safe = guard(listener);
    hls.on(event, safe);
    return () => hls.off(event, safe);
  };
  return startAll([
    () => on("hlsManifestLoading", (_, data) => observed.playback.load(observed.clock.now(), data.url)),
    () => observeHlsQuality(observed, hls, on),
    () => observeHlsRequests(observed, on),
    () => observeHlsErrors(observed, on),
  ]);
}
