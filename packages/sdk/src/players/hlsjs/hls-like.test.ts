import type Hls from "hls.js";
import { Events } from "hls.js";
import { expect, it } from "vitest";
import type { HlsLike } from "./hls-like.js";

it("is what the published class looks like", () => {
  // The compiler compares the shapes; the names of the events are compared here.
  const shape: (hls: Hls) => HlsLike = (hls) => hls;
  expect(shape).toBeTypeOf("function");
  expect(Object.values(Events)).toEqual(
    expect.arrayContaining([
      "hlsManifestLoading",
      "hlsManifestLoaded",
      "hlsLevelLoaded",
      "hlsAudioTrackLoaded",
      "hlsFragLoaded",
      "hlsFragLoadEmergencyAborted",
      "hlsLevelSwitched",
      "hlsError",
    ]),
  );
});
