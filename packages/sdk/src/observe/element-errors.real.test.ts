import { expect, it } from "vitest";
import { ofType, useBed } from "../testbed/bed.js";

const bed = useBed();

it("tells of a video none of whose sources can be played, once", async () => {
  await bed.openPage({}, null);
  await bed.page.evaluate(() => {
    for (const src of ["/media/gone.mp4", "/media/gone-too.mp4"]) {
      window.bed.video.append(Object.assign(document.createElement("source"), { src }));
    }
    window.bed.handle.playRequested();
    window.bed.video.load();
  });
  await bed.server.stored(({ type }) => type === "error");
  const events = await bed.stop();
  expect(ofType(events, "error")).toMatchObject([{ code: "MEDIA_ERR_SRC_NOT_SUPPORTED", fatal: true }]);
});

it("says nothing of a source that another stood in for", async () => {
  await bed.openPage({}, null);
  await bed.page.evaluate(() => {
    for (const src of ["/media/gone.mp4", "/media/film.mp4"]) {
      window.bed.video.append(Object.assign(document.createElement("source"), { src }));
    }
    window.bed.handle.playRequested();
    window.bed.video.play().catch(() => undefined);
  });
  await bed.server.stored(({ type }) => type === "first_frame");
  expect(ofType(await bed.stop(), "error")).toEqual([]);
});
