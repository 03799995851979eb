import type { ComponentType } from "preact";
import type { Names } from "./names.js";
import type { DashboardState } from "./url-state.js";
/** What the frame hands to each page. Everything a page shows follows from it and from the page's own parameters. */
export interface DashboardPageProps {
  readonly state: DashboardState;
  readonly onState: (next: DashboardState) => void;
  readonly names: Names;
}
export interface Tab {
  /** The part of the path after `/dashboard`; empty for the first. */
  readonly path: string;
  readonly name: string;
  /** The heading of its page. */
  readonly title: string;
  readonly load: () => Promise<ComponentType<DashboardPageProps>>;
}
/**
 * The pages of the dashboard, in the order of their tabs. To add one: write `<name>/<name>-page.tsx` that exports a component of
 * `DashboardPageProps`, and add its line here; the frame gives it the heading, the range, the conditions, the keys and the address. What
 * it keeps in the address beside those is its own parameter: `usePageParam`. Charts are drawn by `ChartFigure`, which shows the numbers too;
 * tables by dimension by `DimensionTable`.
 */
export declare const tabs: readonly Tab[];
//# sourceMappingURL=tabs.d.ts.map
