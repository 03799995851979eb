import { expect, it } from "vitest";
import type { Observed } from "../observe/observed.js";
import { type DashLike, dashjs } from "./dashjs.js";

/** Listens as dash.js 5 does: a scope that is given to `off` must be the one that was given to `on`. */
class FakeDash implements DashLike {
  heard: { type: string; listener: Parameters<DashLike["on"]>[1]; scope: object | undefined }[] = [];
  on(...[type, listener, scope]: Parameters<DashLike["on"]>): void {
    this.heard.push({ type, listener, scope });
  }
  off(...[type, listener, scope]: Parameters<DashLike["off"]>): void {
    const isIt = (item: (typeof this.heard)[number]) =>
      item.type === type && item.listener === listener && (scope === undefined || scope === item.scope);
    this.heard = this.heard.filter((item) => !isIt(item));
  }
  attachSource(): void {}
  getVersion = () => "5";
  isReady = () => true;
  isDynamic = () => false;
}

it("takes dash.js' word for the end, and nothing more once it has stopped", () => {
  const player = new FakeDash();
  const ends: number[] = [];
  const observed: Partial<Observed> = {
    clock: { now: () => 7 } as Observed["clock"],
    atEnd: (at) => ends.push(at),
  };
  const stop = dashjs(player, {} as HTMLVideoElement)?.observe(observed as Observed);
  const tell = (isLast: boolean) => {
    for (const { type, listener } of player.heard) if (type === "playbackEnded") listener({ isLast });
  };
  tell(false);
  tell(true);
  expect(ends).toEqual([7]);
  stop?.();
  expect(player.heard).toEqual([]);
});
