import { readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "vite";
import type { Wire } from "./facts.js";

const root = path.resolve(import.meta.dirname, "../..");
const ours = path.join(root, "node_modules");
const theirs = path.join(import.meta.dirname, "peers/node_modules");

/** An SDK in the page: how it comes there and how it is told of the player, as its documentation says. */
export interface Peer {
  readonly name: string;
  readonly wire: Wire;
  /** Its collector's host. */
  readonly collector: RegExp;
  readonly version: string;
  /** What a page loads for it, minified; empty where there is nothing to load. */
  readonly script: string;
  /** Runs in the page with `video` and `config` (of hls.js), before the player is made. */
  readonly before: string;
  /** … with `video` and `hls`, before the source is given. */
  readonly attach: string;
}

export async function loadPeers(): Promise<Peer[]> {
  const read = (folder: string, file: string) => readFile(path.join(folder, file), "utf8");
  const version = async (folder: string, name: string) =>
    (JSON.parse(await read(folder, `${name}/package.json`)) as { version: string }).version;
  const eyevinn = "@eyevinn/player-analytics-client-sdk-web";
  return [
    {
      name: "Playhead",
      wire: "playhead",
      collector: /^playhead\.test$/,
      version: await version(ours, "@playhead/sdk"),
      // What a page with hls.js takes of it.
      script: await bundle("@playhead/sdk/dist/hlsjs.js", "Playhead"),
      before: "",
      attach:
        'window.handle = Playhead.attach(video, { engine: hls, mediaId: "film", endpoint: "https://playhead.test/telemetry", key: "bench-key" })',
    },
    {
      name: "mux-embed",
      wire: "mux",
      collector: /\.litix\.io$/,
      version: await version(theirs, "mux-embed"),
      script: await read(theirs, "mux-embed/dist/mux.js"),
      before: "",
      attach:
        'mux.monitor(video, { debug: false, hlsjs: hls, Hls, data: { env_key: "bench", player_name: "bench", video_id: "film", video_title: "film" } })',
    },
    {
      name: "Eyevinn",
      wire: "eyevinn",
      collector: /^eventsink\.test$/,
      version: await version(ours, eyevinn),
      script: await bundle(`${eyevinn}/dist/module.js`, "Eyevinn"),
      before: "",
      attach: `const eyevinn = new Eyevinn.PlayerAnalyticsConnector("https://eventsink.test/");
        window.ready = eyevinn.init({ sessionId: crypto.randomUUID() }).then(() => eyevinn.load(video))`,
    },
    {
      name: "Bitmovin",
      wire: "bitmovin",
      collector: /\.bitmovin\.com$/,
      version: await version(theirs, "bitmovin-analytics"),
      script: await read(theirs, "bitmovin-analytics/bitmovin-analytics.js"),
      before: "",
      attach: 'new bitmovin.analytics.HlsAdapter({ key: "bench", videoId: "film", title: "film" }, hls)',
    },
    {
      name: "hls.js CMCD",
      wire: "cmcd",
      collector: /^cmcd\.test$/,
      version: await version(ours, "hls.js"),
      script: "",
      before: `config.cmcd = { version: 2, contentId: "film", sessionId: crypto.randomUUID(), eventTargets: [
        { url: "https://cmcd.test/", events: ["ps", "e", "br", "t"], interval: 10, batchSize: 1 } ] }`,
      attach: "",
    },
  ];
}

/** A package that is published for bundlers only, bundled as a page's build would. */
async function bundle(file: string, global: string): Promise<string> {
  const result = await build({
    configFile: false,
    root,
    logLevel: "error",
    build: {
      write: false,
      minify: true,
      target: "es2022",
      lib: { entry: path.join(ours, file), formats: ["iife"], name: global, fileName: "bundle" },
    },
  });
  const [made] = Array.isArray(result) ? result : [result];
  if (!made || !("output" in made)) throw new Error(`${file} could not be bundled`);
  return made.output[0].code;
}
