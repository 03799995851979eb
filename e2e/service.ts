import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { temporaryFolder } from "./temporary-folder.js";

const SERVER = path.resolve(import.meta.dirname, "../packages/server/dist/main.js");

/** One running Playhead: the built server in its own process, on a free port, with folders of its own. */
export interface RunningService {
  readonly origin: string;
  /** The link of the ready line, which signs its opener in. */
  readonly signInLink: string;
  readonly token: string;
  readonly dataDir: string;
  readonly mediaDir: string;
  readonly process: ChildProcess;
  /** What the server wrote so far, both streams. */
  output(): string;
  /** Asks the API as the administrator (or as the holder of `token`). */
  fetch(pathname: string, init?: RequestInit & { token?: string }): Promise<Response>;
  /** The same, and reads the JSON answer; any status but 2xx throws with the body. */
  json<T>(pathname: string, init?: RequestInit & { token?: string }): Promise<T>;
  /** Stops in order and removes the data folder unless it was given. */
  stop(): Promise<void>;
  /** SIGKILL: as a crash would. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  readonly mediaDir: string;
  /** Kept by its owner when given; else made, and removed at `stop`. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startService(options: ServiceOptions): Promise<RunningService> {
  const dataDir = options.dataDir ?? (await temporaryFolder("e2e"));
  const child = spawn(process.execPath, [SERVER], {
    env: {
      ...process.env,
      PORT: "0",
      HOST: "127.0.0.1",
      DATABASE_URL: "",
      PLAYHEAD_DATA_DIR: dataDir,
      PLAYHEAD_MEDIA_DIR: options.mediaDir,
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Whatever ends this process, the server does not outlive it.
  const end = () => child.kill();
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
  const signInLink = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      const link = /^Playhead is ready at (\S+)$/.exec(line)?.[1];
      if (link) resolve(link);
    });
    child.once("exit", (code) => reject(new Error(`The server ended with status ${code}:\n${lines.join("\n")}`)));
  });
  const { origin, searchParams } = new URL(signInLink);
  const token = searchParams.get("token") ?? "";

  const request: RunningService["fetch"] = (pathname, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${init.token ?? token}`);
    if (typeof init.body === "string" && !headers.has("content-type")) headers.set("content-type", "application/json");
    return fetch(new URL(pathname, origin), { ...init, headers });
  };

  const ended = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill(signal);
      await exit;
    }
  };

  return {
    origin,
    signInLink,
    token,
    dataDir,
    mediaDir: options.mediaDir,
    process: child,
    output: () => lines.join("\n"),
    fetch: request,
    async json<T>(pathname: string, init?: RequestInit & { token?: string }) {
      const response = await request(pathname, init);
      const text = await response.text();
      if (!response.ok) throw new Error(`${init?.method ?? "GET"} ${pathname}: ${response.status} ${text}`);
      return JSON.parse(text) as T;
    },
    async stop() {
      await ended("SIGTERM");
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
    kill: () => ended("SIGKILL"),
  };
}

/** Awaits until `probe` gives a value, asking again each time; for states that only the API can tell. */
export async function eventually<T>(probe: () => Promise<T | undefined>, timeoutMs = 15_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`Did not come true within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
