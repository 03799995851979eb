import path from "node:path";
import { pino } from "pino";
import { expect, it } from "vitest";
import type { HardwareChoice } from "../../config.js";
import { Hardware } from "./hardware.js";

const ffmpeg = path.join(import.meta.dirname, "../testing/fake-nvenc-ffmpeg.sh");
const log = pino({ level: "silent" });

it.each<[HardwareChoice, NodeJS.Platform, string | null]>([
  ["auto", "linux", "nvenc"],
  ["auto", "win32", "nvenc"],
  ["auto", "darwin", null],
  ["auto", "freebsd", null],
  ["nvenc", "darwin", "nvenc"],
  ["amf", "linux", null],
  ["off", "linux", null],
])("%s on %s takes %s, where only nvenc works", async (choice, platform, taken) => {
  const hardware = new Hardware({ ffmpeg, choice, log, platform });
  expect(hardware.encoding).toEqual({ encoder: "software", inBand: false });
  await hardware.probe();
  expect(hardware.encoding).toEqual({ encoder: taken ?? "software", inBand: taken !== null });
});

it("one that failed rests for ten minutes, while software makes segments that follow its own", async () => {
  let now = 0;
  const hardware = new Hardware({ ffmpeg, choice: "nvenc", log, now: () => now });
  await hardware.probe();
  const { mark } = hardware;
  hardware.failed();
  expect(hardware.encoding).toEqual({ encoder: "software", inBand: true });
  expect(hardware.mark).toBe(mark);
  now = 10 * 60_000 - 1;
  expect(hardware.encoding.encoder).toBe("software");
  now++;
  expect(hardware.encoding.encoder).toBe("nvenc");
});
