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
  /** It is of this moment, or of no views at all: range and conditions mean nothing to it. */
  readonly plain?: true;
  readonly load: () => Promise<ComponentType<DashboardPageProps>>;
}

/**
 * The pages of the dashboard, in the order of their tabs. To add one: write `<name>/<name>-page.tsx` that exports a component of
 * `DashboardPageProps`, and add its line here; the frame gives it the heading, the range, the conditions, the keys and the address. What
 * it keeps in the address beside those is its own parameter: `usePageParam`. Charts are drawn by `ChartFigure`, which shows the numbers too;
 * tables by dimension by `DimensionTable`.
 */
export const tabs: readonly Tab[] = [
  {
    path: "",
    name: "Overview",
    title: "How it plays",
    load: () => import("./overview-page.js").then((page) => page.OverviewPage),
  },
  {
    path: "start",
    name: "Start",
    title: "How it starts",
    load: () => import("./start/start-page.js").then((page) => page.StartPage),
  },
  {
    path: "smoothness",
    name: "Smoothness",
    title: "How smoothly it plays",
    load: () => import("./smoothness/smoothness-page.js").then((page) => page.SmoothnessPage),
  },
  {
    path: "failures",
    name: "Failures",
    title: "What fails",
    load: () => import("./failures/failures-page.js").then((page) => page.FailuresPage),
  },
  {
    path: "encoder",
    name: "Encoder",
    title: "How it is encoded",
    load: () => import("./encoder/encoder-page.js").then((page) => page.EncoderPage),
  },
  {
    path: "live",
    name: "Live",
    title: "Who is watching",
    plain: true,
    load: () => import("./now/live-page.js").then((page) => page.LivePage),
  },
  {
    path: "experiments",
    name: "Experiments",
    title: "What is tried",
    load: () => import("./experiments/experiments-page.js").then((page) => page.ExperimentsPage),
  },
  {
    path: "views",
    name: "Views",
    title: "Single views",
    load: () => import("./views/views-page.js").then((page) => page.ViewsPage),
  },
  {
    path: "alerts",
    name: "Alerts",
    title: "What should be known at once",
    plain: true,
    load: () => import("./alerts/alerts-page.js").then((page) => page.AlertsPage),
  },
];
