import type { ComponentType } from "preact";
import type { Route } from "../router/match.js";

/** What a page gets: the parameters of its pattern. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

export interface Page extends Route {
  /** Loads the page's own chunk. */
  readonly load: () => Promise<ComponentType<PageProps>>;
  /** Without the shell: the page fills the window. */
  readonly bare?: boolean;
}

export const pages: readonly Page[] = [
  { pattern: "/", load: () => import("../library/library-page.js").then((page) => page.LibraryPage) },
  { pattern: "/media/:id", load: () => import("../item/item-page.js").then((page) => page.ItemPage) },
  { pattern: "/watch/:id", load: () => import("../player/player-page.js").then((page) => page.PlayerPage), bare: true },
  { pattern: "/dashboard/*", load: () => import("../dashboard/dashboard-page.js").then((page) => page.DashboardPage) },
  {
    pattern: "/signed-out",
    load: () => import("../sign-in/sign-in-page.js").then((page) => page.SignInPage),
    bare: true,
  },
];
