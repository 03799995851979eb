import type { HlsData, HlsListener } from "../players/hlsjs/hls-like.js";

/** An hls.js in whose name a test speaks: two rungs, and what is emitted. */
export class FakeHls {
  static readonly version = "1.7.4";
  readonly levels = [
    { bitrate: 800_000, width: 640, height: 360 },
    { bitrate: 3_000_000, width: 1280, height: 720 },
  ];
  autoLevelEnabled = true;
  url = "http://page.test/master.m3u8";
  latestLevelDetails = { live: false };
  readonly #listeners = new Map<string, Set<HlsListener>>();

  attachMedia(): void {}
  recoverMediaError(): void {}
  on(event: string, listener: HlsListener): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }
  off(event: string, listener: HlsListener): void {
    this.#listeners.get(event)?.delete(listener);
  }
  emit(event: string, data: HlsData = {}): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(event, data);
  }
  get isHeard(): boolean {
    return [...this.#listeners.values()].some((listeners) => listeners.size > 0);
  }
}
