import { Notice } from "../design/notice.js";
import type { PageProps } from "../shell/pages.js";
import "./dashboard.css";
import "./toolbar.css";
import "./now-playing.css";
import "./figures.css";
import "./chart.css";
import "./table.css";
import "./views-table.css";
import "./states.css";
import "./empty.css";
import "./pages.css";
import { Frame } from "./frame.js";
import { tabs } from "./tabs.js";
import { ViewPage } from "./view/view-page.js";

/** `/dashboard`, its tabs, and `/dashboard/views/:id`; `params["*"]` is the rest of the path, still encoded. */
export function DashboardPage({ params }: PageProps) {
  const rest = params["*"] ?? "";
  const [, id] = /^views\/([^/]+)$/.exec(rest) ?? [];
  if (id !== undefined) return <ViewPage key={id} id={decode(id)} />;
  const tab = tabs.find(({ path }) => path === rest);
  if (tab) return <Frame tab={tab} />;
  return (
    <Notice
      tone="bad"
      title="There is no such dashboard"
      actions={
        <a class="button" data-size="small" href="/dashboard">
          To the overview
        </a>
      }
    >
      The address may be of another version of Playhead.
    </Notice>
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
