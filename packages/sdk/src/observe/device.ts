import type { Context } from "@playhead/protocol";
import { known, whole } from "../record/known.js";
import { attempt } from "./guard.js";

type Device = NonNullable<Context["device"]>;

/**
 * What only the page knows of the device. Browser and system stand in the `User-Agent` of each request, where the server reads them;
 * but iPadOS says there that it is a Mac, and no Mac has a touch screen.
 */
export function readDevice(): Device | undefined {
  return attempt(() => ({
    ...(/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1 ? { os: "iOS", type: "tablet" } : {}),
    ...known({ screenWidth: whole(screen.width), screenHeight: whole(screen.height) }),
  }));
}
