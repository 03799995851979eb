import type { LiveReply } from "@playhead/protocol";
import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** `waiting`: not connected yet; `lost`: the server is away, and is asked again and again. */
export type Connection = "waiting" | "open" | "lost";

const current = signal<LiveReply | undefined>(undefined);
const connected = signal<Connection>("waiting");

/** The views that are open now, as the server last said. Moves only while a page uses `useLive`. */
export const live: ReadonlySignal<LiveReply | undefined> = current;
export const connection: ReadonlySignal<Connection> = connected;

let users = 0;
let source: EventSource | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;

/** A browser comes back by itself after a broken connection, but not after an answer that is no stream. */
const RETRY_MS = 3_000;

/** Keeps the live connection while the page is shown. A hidden page lets go of it: a browser has few to one server. */
export function useLive(): void {
  useEffect(() => {
    users++;
    if (users === 1) document.addEventListener("visibilitychange", follow);
    follow();
    return () => {
      users--;
      if (users === 0) document.removeEventListener("visibilitychange", follow);
      follow();
    };
  }, []);
}

function follow(): void {
  if (users === 0 || document.hidden) disconnect();
  else if (!source) connect();
}

function connect(): void {
  const opened = new EventSource("/api/v1/analytics/live");
  source = opened;
  opened.addEventListener("open", () => {
    connected.value = "open";
  });
  opened.addEventListener("views", (event: MessageEvent<string>) => {
    // The boundary: what the server sends is what the protocol says.
    const reply: LiveReply = JSON.parse(event.data);
    current.value = reply;
  });
  opened.addEventListener("error", () => {
    connected.value = "lost";
    if (opened.readyState !== EventSource.CLOSED) return;
    disconnect();
    retry = setTimeout(follow, RETRY_MS);
  });
}

function disconnect(): void {
  clearTimeout(retry);
  source?.close();
  source = undefined;
}
