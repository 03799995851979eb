import type { PageProps } from "../shell/pages.js";

/** `/dashboard` and everything below it; `params["*"]` is the rest of the path. */
export function DashboardPage({ params }: PageProps) {
  return <h1 class="heading">Dashboard {params["*"]}</h1>;
}
