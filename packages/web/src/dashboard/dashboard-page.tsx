import type { PageProps } from "../shell/pages.js";

/** `/dashboard` and everything below it; `params["*"]` is the rest of the path. */
export function DashboardPage(_: PageProps) {
  return <h1 class="heading">Dashboard</h1>;
}
