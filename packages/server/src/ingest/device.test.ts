import { expect, it } from "vitest";
import { deviceOf } from "./device.js";

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";

it.each([
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    "Chrome",
    "131.0.0.0",
    "Linux",
    "desktop",
  ],
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/131.0.0.0 Safari/537.36`,
    "Chrome",
    "131.0.0.0",
    "Linux",
    "desktop",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2.1`,
    "Edge",
    "131.0.2.1",
    "Windows",
    "desktop",
  ],
  ["Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox", "133.0", "Windows", "desktop"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Safari",
    "18.1",
    "macOS",
    "desktop",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Safari",
    "18.1",
    "iOS",
    "phone",
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`,
    "Chrome",
    "131.0.0.0",
    "Android",
    "phone",
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    "Chrome",
    "131.0.0.0",
    "Android",
    "tablet",
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S918B) ${webkit} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`,
    "Samsung Internet",
    "27.0",
    "Android",
    "phone",
  ],
  [
    `Mozilla/5.0 (Web0S; Linux/SmartTV) ${webkit} Chrome/94.0.4606.128 Safari/537.36 WebAppManager`,
    "Chrome",
    "94.0.4606.128",
    "webOS",
    "tv",
  ],
  [`Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) ${webkit} Version/7.0 TV Safari/537.36`, "Safari", "7.0", "Tizen", "tv"],
])("reads %s", (userAgent, browser, browserVersion, os, type) => {
  expect(deviceOf(userAgent)).toEqual({ browser, browserVersion, os, type });
});

it("says nothing of a sender that is no browser", () => {
  for (const agent of [undefined, "", "curl/8", "node", "lightMyRequest"]) expect(deviceOf(agent)).toBeUndefined();
});
