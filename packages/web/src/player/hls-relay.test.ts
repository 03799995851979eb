import type { HlsLike } from "@playhead/sdk";
import { expect, it } from "vitest";
import { createHlsRelay } from "./hls-relay.js";

type Listener = Parameters<HlsLike["on"]>[1];

function fakeHls(url: string) {
  const listeners = new Set<Listener>();
  const hls: HlsLike = {
    levels: [],
    autoLevelEnabled: true,
    url,
    on: (_, listener) => void listeners.add(listener),
    off: (_, listener) => void listeners.delete(listener),
  };
  return { hls, emit: (event: string) => listeners.forEach((listener) => listener(event, {})), listeners };
}

it("hands what was listened to over to the next instance", () => {
  const [first, second] = [fakeHls("/1"), fakeHls("/2")];
  const relay = createHlsRelay(first.hls);
  const heard: string[] = [];
  relay.on("hlsFragLoaded", (event) => heard.push(event));
  relay.connect(second.hls);
  second.emit("hlsFragLoaded");
  expect(heard).toEqual(["hlsFragLoaded"]);
  expect(relay.url).toBe("/2");
});

it("forgets who stopped listening", () => {
  const [first, second] = [fakeHls("/1"), fakeHls("/2")];
  const relay = createHlsRelay(first.hls);
  const listener = () => undefined;
  relay.on("hlsError", listener);
  relay.off("hlsError", listener);
  relay.connect(second.hls);
  expect(first.listeners.size + second.listeners.size).toBe(0);
});
