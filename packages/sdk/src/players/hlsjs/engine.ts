import { type Adapter, hasMethods, versionOf } from "../engine.js";
import type { HlsLike } from "./hls-like.js";
import { observeHls } from "./observe.js";

const isHls = (given: unknown): given is HlsLike => hasMethods(given, "attachMedia", "recoverMediaError", "off");

export const hlsjs: Adapter = (given) => {
  if (!isHls(given)) return undefined;
  return {
    name: "hls.js",
    version: versionOf(given),
    tellsQuality: true,
    get url() {
      return given.url;
    },
    get isLive() {
      return given.latestLevelDetails?.live;
    },
    observe: (observed) => observeHls(observed, given),
  };
};
