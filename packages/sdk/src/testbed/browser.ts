import { type Browser, chromium } from "playwright-core";

/** The system's Chromium, headless, silent in every sense. Each context of it is a visitor with storage of their own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-quic", "--no-first-run", "--mute-audio"],
  });
}
