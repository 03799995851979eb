import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

export type { Browser };

/** The system's Chromium, headless, with an empty profile and no traffic of its own. `args`: what else it is told. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: executable(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
      "--autoplay-policy=no-user-gesture-required",
      ...args,
    ],
  });
}

function executable(): string {
  const given = process.env.PLAYHEAD_CHROMIUM;
  if (!given || !given.includes("/")) return `/usr/bin/${given || "chromium"}`;
  return given;
}

/** A page that is signed in through the printed link, as a person would. Collects what goes wrong in it. */
export async function openSignedIn(
  browser: Browser,
  signInLink: string,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  await page.goto(signInLink);
  return { context, page, problems };
}
