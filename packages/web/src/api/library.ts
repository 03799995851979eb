import type { LibraryReply, MediaReply } from "@playhead/protocol";
import { type Signal, signal } from "@preact/signals";
import { request } from "./request.js";

/** The library as it was last seen. */
export const knownLibrary: Signal<LibraryReply | undefined> = signal(undefined);

export function loadLibrary(signal: AbortSignal): Promise<LibraryReply> {
  return request<LibraryReply>("/api/v1/library", { signal });
}

const media = new Map<string, Signal<MediaReply | undefined>>();

/** What is known of one item; the player starts from what the item's page has loaded already. */
export function knownMedia(id: string): Signal<MediaReply | undefined> {
  let known = media.get(id);
  if (!known) {
    known = signal(undefined);
    media.set(id, known);
  }
  return known;
}

export async function loadMedia(id: string, signal?: AbortSignal): Promise<MediaReply> {
  const reply = await request<MediaReply>(`/api/v1/media/${encodeURIComponent(id)}`, signal ? { signal } : {});
  knownMedia(id).value = reply;
  return reply;
}
