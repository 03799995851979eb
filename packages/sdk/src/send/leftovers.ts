import { attempt } from "../observe/guard.js";
import { listen } from "../observe/listen.js";
import { type Entry, EventQueue, sum } from "../queue/event-queue.js";
import { uuidv7 } from "../record/uuid.js";
import { bodyOf, roomBeside } from "./body.js";
import { pack } from "./pack.js";
import { post } from "./post.js";

/** What one view had not got acknowledged when it was last written down. */
export interface Leftover {
  readonly url: string;
  /** JSON. */
  readonly context: string;
  readonly entries: readonly Entry[];
  /** Its page is gone, or in the back/forward cache, and may never come back. */
  readonly gone: boolean;
}
interface Kept extends Leftover {
  readonly key: string;
  /** When it was written, Unix ms. */
  readonly at: number;
}

/** Bounds of what is kept of earlier pages: bytes of JSON, and age. Past them the oldest goes, and is counted. */
const MAX_KEPT_BYTES = 1024 * 1024;
const MAX_AGE_MS = 7 * 86_400_000;
/** A page that lives writes anew at each failed try, at least once a minute; one that has not for so long is dead. */
const STALE_MS = 5 * 60_000;
const AGAIN_MS = 60_000;
const IDLE_MS = 5_000;
const NAME = "playhead";
/** Begins the names in the local storage. */
const LOCAL = `${NAME}.left.`;
/** Local storage is the page's own, with some 5 MiB for all: what is longer goes into the database. */
const MAX_LOCAL_CHARS = 64 * 1024;

let opening: Promise<IDBDatabase> | undefined;
let database: IDBDatabase | undefined;
/** Of views on this page: they send for themselves. */
const ours = new Set<string>();
let sweepAt = 0;

/** Opens the database, so that a page that goes can write at once. Where there is none, nothing outlives the page. */
export function openLeftovers(): void {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    listen(request, ["upgradeneeded"], () => request.result.createObjectStore(NAME, { keyPath: "key" }));
    listen(request, ["error"], reject);
    listen(request, ["success"], () => {
      database = request.result;
      // Another version of this script, or the user, wants it away: what is in memory goes on without it.
      listen(database, ["versionchange"], () => {
        database?.close();
        database = undefined;
      });
      resolve(database);
    });
  });
  opening.catch(() => {});
}

/**
 * Writes down `next` in the place of what was written under `before`; returns its key. While the page lives, in the database.
 * When it goes, a transaction that waits for another one is dropped with it (Chromium), so the last word is kept in the local storage.
 */
export function swapLeftover(before: string | undefined, next: Leftover | undefined): string | undefined {
  const kept = next && { ...next, key: uuidv7(Date.now()), at: Date.now() };
  if (kept) ours.add(kept.key);
  const local = kept?.gone && attempt(() => putLocal(kept));
  write((store) => {
    if (before) store.delete(before);
    if (kept && !local) store.put(kept);
  });
  if (before) {
    ours.delete(before);
    dropLocal(before);
  }
  return kept?.key;
}

/**
 * Sends what earlier pages left, once the server is known to answer. `onDropped` hears how many events were too old, too many or refused.
 * Tabs that do so at the same time take turns where the browser has locks; where not, the events' ids make it harmless.
 */
export async function sweepLeftovers(onDropped: (count: number) => void): Promise<void> {
  if (Date.now() < sweepAt) return;
  sweepAt = Number.POSITIVE_INFINITY;
  const again = () => {
    sweepAt = Date.now() + AGAIN_MS;
  };
  const sweep = async () => {
    if (!(await sendAll(onDropped))) again();
  };
  try {
    const { locks } = navigator;
    if (locks) await locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? sweep() : again()));
    else await sweep();
  } catch {
    again();
  }
}

/** False if something remains that should be tried once more. */
async function sendAll(onDropped: (count: number) => void): Promise<boolean> {
  const now = Date.now();
  const due: Kept[] = [];
  let room = MAX_KEPT_BYTES;
  let done = true;
  // Keys grow with time: from the newest to the oldest, which go first.
  const kept = await readAll();
  await idle();
  const all = [...kept, ...(attempt(readLocal) ?? [])];
  all.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (let i = all.length - 1; i >= 0; i--) {
    const kept = all[i];
    if (!kept || ours.has(kept.key)) continue;
    const age = Math.abs(now - kept.at);
    room -= sum(kept.entries, "bytes");
    if (age > MAX_AGE_MS || room < 0) {
      forget(kept);
      onDropped(sum(kept.entries, "stands"));
    } else if (kept.gone || age > STALE_MS) due.unshift(kept);
    else done = false;
  }
  for (const kept of due) {
    const queue = new EventQueue(kept.entries);
    if (!(await sendOne(kept, queue))) return false;
    forget(kept);
    onDropped(queue.untold);
  }
  return done;
}

/** False if it should be tried again. */
async function sendOne({ url, context }: Kept, queue: EventQueue): Promise<boolean> {
  for (;;) {
    const entries = queue.take(roomBeside(context));
    if (entries.length === 0) return true;
    const outcome = await post(url, await pack(bodyOf(Date.now(), context, entries)), false);
    if (outcome.kind === "later") return false;
    queue.settle(entries, outcome.rejected);
  }
}

async function readAll(): Promise<Kept[]> {
  const store = (await opening?.catch(() => undefined))?.transaction(NAME).objectStore(NAME);
  return store
    ? new Promise((resolve, reject) => {
        const request: IDBRequest<Kept[]> = store.getAll();
        listen(request, ["success"], () => resolve(request.result));
        listen(request, ["error"], reject);
      })
    : [];
}

function forget({ key }: Kept): void {
  write((store) => store.delete(key));
  dropLocal(key);
}

function write(work: (store: IDBObjectStore) => void): void {
  attempt(() => {
    const transaction = database?.transaction(NAME, "readwrite", { durability: "relaxed" });
    if (!transaction) return;
    work(transaction.objectStore(NAME));
    transaction.commit?.();
  });
}

/** False if it is too long. */
function putLocal(kept: Kept): boolean {
  const text = JSON.stringify(kept);
  if (text.length > MAX_LOCAL_CHARS) return false;
  localStorage.setItem(LOCAL + kept.key, text);
  return true;
}

/**
 * The page has nothing to do just now: the local storage holds it up until it is read from the disk, which is some 70 ms on a
 * busy machine, and this is just when a film has started.
 */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: IDLE_MS });
    else setTimeout(resolve);
  });

const localKeys = (): string[] => Object.keys(localStorage).filter((name) => name.startsWith(LOCAL));

/** Without those that another script has broken. */
const readLocal = (): Kept[] =>
  localKeys().flatMap((name) => {
    const kept: Kept | undefined = attempt(() => JSON.parse(localStorage.getItem(name) ?? ""));
    return Array.isArray(kept?.entries) ? kept : [];
  });

const dropLocal = (key: string): void => attempt(() => localStorage.removeItem(LOCAL + key));

/** The viewer does not want to be known: what was kept goes too. */
export function forgetLeftovers(): void {
  attempt(() => indexedDB.deleteDatabase(NAME));
  attempt(() => {
    for (const name of localKeys()) localStorage.removeItem(name);
  });
}
