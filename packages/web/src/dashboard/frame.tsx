import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isCostly } from "../api/connection.js";
import { KeyMap } from "../design/key-map.js";
import { Notice } from "../design/notice.js";
import { navigate, place, setQuery } from "../router/router.js";
import { Firing } from "./alerts/firing.js";
import { useNames } from "./names.js";
import { Skeleton } from "./skeleton.js";
import { type DashboardPageProps, type Tab, tabs } from "./tabs.js";
import { Toolbar } from "./toolbar.js";
import { type DashboardState, mergeState, readState, spanNames, writeShared } from "./url-state.js";
import "./frame.css";

const loaded = new Map<Tab, ComponentType<DashboardPageProps>>();

async function loadTab(tab: Tab): Promise<void> {
  if (!loaded.has(tab)) loaded.set(tab, await tab.load());
}

/** The code of the other pages: the way to them waits for their answers alone. */
async function loadOthers(): Promise<void> {
  for (const tab of tabs) await loadTab(tab);
}

/** The page that was asked for has so long to itself, ms. */
const OTHERS_AFTER_MS = 2_000;

/** Heading, tabs, range and conditions around the page of one tab, whose code is loaded when it is first shown. */
export function Frame({ tab }: { tab: Tab }) {
  const names = useNames();
  const state = readState(place.value.query);
  const onState = (next: DashboardState) => setQuery(mergeState(place.peek().query, next));
  const arrived = useSignal(0);
  const failed = useSignal(false);
  const asksForKeys = useSignal(false);
  useFrameKeys(state, onState, () => {
    asksForKeys.value = true;
  });

  useEffect(() => {
    document.title = tab.path === "" ? "Dashboard · Playhead" : `${tab.name} · Dashboard · Playhead`;
    failed.value = false;
    if (loaded.has(tab)) return;
    const arrive = async () => {
      await loadTab(tab);
      arrived.value++;
    };
    arrive().catch(() => {
      failed.value = true;
    });
  }, [tab, arrived, failed]);

  useEffect(() => {
    if (isCostly()) return undefined;
    // What does not arrive is asked for again when it is shown.
    const timer = setTimeout(() => void loadOthers().catch(() => undefined), OTHERS_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);

  void arrived.value;
  const Page = loaded.get(tab);
  return (
    <div class="dashboard">
      <header class="dashboard-head">
        <h1 class="title-face">{tab.title}</h1>
        {!tab.plain && <Toolbar state={state} names={names} onState={onState} />}
      </header>
      <Tabs present={tab} state={state} />
      {tab.path !== "alerts" && <Firing />}
      {Page ? (
        <Page key={tab.path} state={state} names={names} onState={onState} />
      ) : failed.value ? (
        <Notice
          tone="bad"
          title="This page could not be loaded"
          actions={
            <button type="button" class="button" data-size="small" onClick={() => location.reload()}>
              Load again
            </button>
          }
        >
          The server may be away, or may have been updated while this window was open.
        </Notice>
      ) : (
        <Skeleton />
      )}
      {asksForKeys.value && (
        <KeyMap
          title="Keys of the dashboard"
          lines={keyLines}
          onClose={() => {
            asksForKeys.value = false;
          }}
        />
      )}
    </div>
  );
}

/** The way to a tab takes the range and the conditions along. */
export function tabLink(tab: Tab, state: DashboardState): string {
  const query = writeShared(state).toString();
  return `/dashboard${tab.path === "" ? "" : `/${tab.path}`}${query === "" ? "" : `?${query}`}`;
}

function Tabs({ present, state }: { present: Tab; state: DashboardState }) {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const active = bar.current?.querySelector<HTMLElement>("[aria-current]");
    if (active && bar.current) bar.current.scrollLeft = active.offsetLeft - bar.current.clientWidth / 3;
  }, [present]);
  return (
    <nav class="tabs" aria-label="Dashboard" ref={bar}>
      {tabs.map((tab) => (
        <a key={tab.path} href={tabLink(tab, state)} aria-current={tab === present ? "page" : undefined}>
          {tab.name}
        </a>
      ))}
    </nav>
  );
}

const keyLines = [
  { keys: ["1", "…", "9"], about: "The pages, in order" },
  { keys: ["[", "]"], about: "A shorter or a longer range" },
  { keys: ["c"], about: "Compare with the period before, or not" },
  { keys: ["x"], about: "Drop all conditions" },
  { keys: ["?"], about: "These keys" },
] as const;

function useFrameKeys(state: DashboardState, onState: (next: DashboardState) => void, onHelp: () => void): void {
  const present = useRef({ state, onState, onHelp });
  present.current = { state, onState, onHelp };
  useEffect(() => {
    const follow = (event: KeyboardEvent) => {
      const { state, onState, onHelp } = present.current;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      if (target?.closest("input, select, textarea, dialog")) return;
      const tab = /^[1-9]$/.test(event.key) ? tabs[Number(event.key) - 1] : undefined;
      if (tab) return navigate(tabLink(tab, state));
      if (event.key === "[" || event.key === "]") {
        const span = spanNames[spanNames.indexOf(state.range.span) + (event.key === "[" ? -1 : 1)];
        if (span) onState({ ...state, range: { kind: "span", span } });
      } else if (event.key === "c") onState({ ...state, compare: !state.compare });
      else if (event.key === "x") onState({ ...state, filters: [] });
      else if (event.key === "?") onHelp();
    };
    addEventListener("keydown", follow);
    return () => removeEventListener("keydown", follow);
  }, []);
}
