import type { PageProps } from "../shell/pages.js";
import "./dashboard.css";
import { OverviewPage } from "./overview-page.js";
import { ViewPage } from "./view/view-page.js";

/** `/dashboard` and `/dashboard/views/:id`; `params["*"]` is the rest of the path, still encoded. */
export function DashboardPage({ params }: PageProps) {
  const [, id] = /^views\/([^/]+)$/.exec(params["*"] ?? "") ?? [];
  return id === undefined ? <OverviewPage /> : <ViewPage key={id} id={decode(id)} />;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
