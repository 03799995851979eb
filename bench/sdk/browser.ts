import { type Browser, launchBrowser } from "../../e2e/browser.js";

/** Chromium that finds every host of the internet on one loopback port. */
export function launchInWorld(port: number): Promise<Browser> {
  return launchBrowser([`--host-resolver-rules=MAP * 127.0.0.1:${port}`, "--ignore-certificate-errors"]);
}
