import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useRef } from "preact/hooks";
import { Notice } from "../design/notice.js";
import { matchRoute } from "../router/match.js";
import { place } from "../router/router.js";
import { type Page, type PageProps, pages } from "./pages.js";
import { Shell } from "./shell.js";

interface Shown {
  readonly page: Page;
  readonly params: Readonly<Record<string, string>>;
  readonly Component: ComponentType<PageProps>;
}

const loaded = new Map<Page, ComponentType<PageProps>>();

/** Shows the page of the present address. The page before it stays until the new one's code is here. */
export function App() {
  const shown = useSignal<Shown | "missing" | "failed" | undefined>(undefined);
  const loading = useSignal(true);
  const shownAt = useRef<string | undefined>(undefined);

  useSignalEffect(() => {
    const { path } = place.value;
    const match = matchRoute(pages, path);
    if (!match) {
      shown.value = "missing";
      document.title = "No such page · Playhead";
      loading.value = false;
      return;
    }
    const { route: page, params } = match;
    const show = (Component: ComponentType<PageProps>) => {
      loaded.set(page, Component);
      if (place.peek().path !== path) return;
      const arrived = shownAt.current !== undefined && shownAt.current !== path;
      shownAt.current = path;
      shown.value = { page, params, Component };
      loading.value = false;
      // Who reads with a screen reader or goes on by keyboard starts at the new page, not where the old one's link was.
      if (arrived) requestAnimationFrame(() => document.getElementById("content")?.focus({ preventScroll: true }));
    };
    const ready = loaded.get(page);
    if (ready) return show(ready);
    loading.value = true;
    page.load().then(show, () => {
      // A new version was installed while this window was open: its chunks have other names now.
      shown.value = "failed";
      loading.value = false;
    });
  });

  return (
    <>
      {loading.value && <div class="page-loading" role="progressbar" aria-label="Loading the page" />}
      <Outlet shown={shown.value} />
    </>
  );
}

function Outlet({ shown }: { shown: Shown | "missing" | "failed" | undefined }) {
  if (shown === undefined) return null;
  if (shown === "missing") {
    return (
      <Shell>
        <Notice title="There is no page at this address" actions={<HomeLink />}>
          The link may be old, or mistyped.
        </Notice>
      </Shell>
    );
  }
  if (shown === "failed") {
    return (
      <Shell>
        <Notice tone="bad" title="This page could not be loaded" actions={<ReloadButton />}>
          The server may be away, or it was updated while this window was open.
        </Notice>
      </Shell>
    );
  }
  const { page, params, Component } = shown;
  // Another film is another page: nothing of the one before may live on in it.
  const content = <Component key={params["id"] ?? page.pattern} params={params} />;
  return page.bare ? content : <Shell>{content}</Shell>;
}

function HomeLink() {
  return (
    <a class="button" data-size="small" href="/">
      To the library
    </a>
  );
}

function ReloadButton() {
  return (
    <button type="button" class="button" data-size="small" onClick={() => location.reload()}>
      Load it again
    </button>
  );
}
