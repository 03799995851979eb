import { createHmac } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { AlertsReply } from "@playhead/protocol";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { overflowOf, seriousOn } from "./axe.js";
import { type Browser, launchBrowser, openSignedIn } from "./browser.js";
import { eventually, type RunningService, startService } from "./service.js";

const received: { headers: IncomingHttpHeaders; body: string }[] = [];
let receiver: Server;
let webhookUrl: string;
let service: RunningService;
let browser: Browser;
beforeAll(async () => {
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(204).end();
  };
  receiver = createServer((request, response) => void receive(request, response));
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  // The receiver listens on a port, and so its address is that of a machine.
  const { port } = receiver.address() as AddressInfo;
  webhookUrl = `http://127.0.0.1:${port}/hook`;
  [service, browser] = await Promise.all([startService({ mediaDir: inject("mediaDir") }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  receiver.close();
});

const rules = async () => (await service.json<AlertsReply>("/api/v1/alerts")).rules;

it("makes a rule in the form, tests it, changes it, and takes it back", async () => {
  const { page, problems } = await openSignedIn(browser, service.signInLink);
  await page.goto(`${service.origin}/dashboard/alerts?filter=browser:eq:Firefox`);
  await page.getByRole("button", { name: "New rule" }).click();
  await page.getByLabel("Name").fill("Slow starts");
  await page.getByLabel("Metric").selectOption("startupMs.p95");
  await page.getByLabel("Value, s").fill("2.5");
  await page.getByLabel(/^Webhook/).fill("http://169.254.169.254/latest");
  await page.getByRole("button", { name: "Save" }).click();

  // Refused by the server, in its words, at the field that is wrong.
  const refusal = await page.getByRole("alert").innerText();
  expect(refusal).toContain("169.254");
  expect(await page.getByLabel(/^Webhook/).getAttribute("aria-invalid")).toBe("true");
  expect(await seriousOn(page)).toEqual([]);

  await page.getByLabel(/^Webhook/).fill(webhookUrl);
  await page.getByRole("button", { name: "Save" }).click();
  const secret = await page.getByLabel("Secret", { exact: true }).inputValue();
  await page.getByRole("button", { name: "I have it" }).click();
  expect(await rules()).toMatchObject([
    {
      name: "Slow starts",
      metric: "startupMs.p95",
      filter: "browser:eq:Firefox",
      condition: { kind: "threshold", op: "above", value: 2_500 },
      webhookUrl,
    },
  ]);

  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("The test arrived.").waitFor();
  const [message] = received;
  const { headers, body } = message!;
  const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
  expect(JSON.parse(body)).toMatchObject({ type: "alert.test" });
  const messages = page.getByRole("region", { name: "Messages, the table" });
  await messages.getByText("Arrived").waitFor();

  await page.getByRole("button", { name: "Change" }).click();
  expect(await page.getByLabel("Value, s").inputValue()).toBe("2.5");
  await page.getByLabel("Is held against").selectOption("deviation");
  await page.getByLabel("By more than, %").fill("40");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("40.0\u00a0% above what is usual at this hour").waitFor();
  await page.getByRole("button", { name: "Turn off" }).click();
  await page.getByRole("button", { name: "Turn on" }).waitFor();
  expect(await rules()).toMatchObject([{ enabled: false, condition: { kind: "deviation", percent: 40, days: 7 } }]);
  expect(await seriousOn(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflowOf(page)).toBe(0);

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await eventually(async () => ((await rules()).length === 0 ? true : undefined));
  // The browser tells of the answer that refused the address.
  expect(problems.filter((problem) => !problem.includes("400"))).toEqual([]);
});
