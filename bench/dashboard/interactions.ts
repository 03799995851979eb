import type { Page } from "playwright-core";

/** What is still to come on a page of the dashboard. */
const PENDING = ".skeleton, [data-stale=true]";

/** Has every page that is opened from here on count its requests to the analytics API. */
export async function watchPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const send = window.fetch;
    window.underWay = 0;
    window.fetch = async (...args: Parameters<typeof fetch>) => {
      window.underWay++;
      try {
        return await send(...args);
      } finally {
        window.underWay--;
      }
    };
  });
}

/** Resolves when `selector` is there, nothing is asked for and nothing that is shown awaits its answer. */
export async function answered(page: Page, selector: string): Promise<void> {
  await page.waitForFunction(
    ([selector, pending]) =>
      window.underWay === 0 && document.querySelector(selector) !== null && document.querySelector(pending) === null,
    [selector, PENDING] as const,
  );
}

export interface Interaction {
  readonly name: string;
  /** Does it, and tells how long it took until all of it was drawn, ms. */
  readonly act: (page: Page) => Promise<number>;
}

/**
 * Clicks in the page itself, and looks each frame whether `selector` is there and nothing is still to come.
 * @param known what was shown before is shown again, while it is asked for anew
 */
function click(name: string, target: string, selector: string, { known = false } = {}): Interaction {
  return {
    name,
    async act(page) {
      const button = page.locator(target).first();
      await button.waitFor();
      const ms = await button.evaluate(
        async (element: HTMLElement, [selector, pending, mostUnderWay]) => {
          const since = performance.now();
          element.click();
          do {
            await new Promise((resolve) => requestAnimationFrame(resolve));
            if (performance.now() - since > 10_000) throw new Error(`${selector} is not answered within 10 s`);
          } while (
            window.underWay > mostUnderWay ||
            document.querySelector(selector) === null ||
            document.querySelector(pending) !== null
          );
          return performance.now() - since;
        },
        [selector, PENDING, known ? Number.POSITIVE_INFINITY : 0] as const,
      );
      await answered(page, selector);
      return ms;
    },
  };
}

const known = { known: true };
const link = (name: string) => `.tabs a:text-is("${name}")`;
const tab = (name: string, selector: string) => click(`to ${name}`, link(name), selector);

/** One after the other, each from where the last one led. */
export const interactions: readonly Interaction[] = [
  click("7 days", 'button[title="The last 7 days"]', ".headline-figure"),
  click("30 days", 'button[title="The last 30 days"]', ".headline-figure"),
  click("back to 7 days", 'button[title="The last 7 days"]', ".headline-figure", known),
  click("back to 30 days", 'button[title="The last 30 days"]', ".headline-figure", known),
  click("another figure over time", ".headline:nth-child(2) button", '.headline:nth-child(2) [aria-pressed="true"]'),
  click("another breakdown", ".breakdown .choices button:nth-child(2)", ".breakdown tbody tr"),
  click("only these views", ".breakdown tbody tr button", ".chip"),
  click("all views again", ".chip", ".headline-figure"),
  tab("Start", ".percentiles tbody tr"),
  click("another dimension", ".dimension-table .choices button:nth-child(3)", ".dimension-table tbody tr"),
  click("another order", ".dimension-table .sorter", ".dimension-table tbody tr"),
  tab("Smoothness", ".dimension-table tbody tr"),
  tab("Failures", ".errors tbody tr"),
  click("back to Start", link("Start"), ".percentiles tbody tr", known),
  tab("Experiments", ".experiment tbody tr"),
  tab("Views", ".views tbody tr"),
  click("a view", ".views-film a", ".lanes"),
];

declare global {
  interface Window {
    underWay: number;
  }
}
