import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * What axe-core calls serious or critical on the page as it stands, a line each: the rule, the place, what is wrong there.
 * Run past the page's content security policy, as a person's own tool is.
 */
export async function seriousOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary?.split("\n").at(1) ?? ""}`,
        ),
      );
  });
}

/**
 * How far the page goes beyond the window's width, CSS pixels; 0 if it need not be moved sideways. What is drawn to measure follows a
 * change of the window some frames later, and is given a second for it.
 */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { documentElement: root } = document;
    const overflow = () => root.scrollWidth - root.clientWidth;
    for (const giveUpAt = performance.now() + 1_000; overflow() > 0 && performance.now() < giveUpAt; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return overflow();
  });
}

declare global {
  // oxlint-disable-next-line no-var -- `globalThis.x` is typed by `var` alone.
  var axe: typeof import("axe-core");
}
