import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { childrenOf } from "../load/process-cost.js";

/** nginx that serves a folder, on a free port of the loopback, with everything it writes in a folder of its own. */
export interface Nginx {
  readonly origin: string;
  /** Its master and its workers. */
  readonly pids: () => Promise<readonly number[]>;
  readonly close: () => Promise<void>;
}

/** `nobody` of every Linux: as root nginx would give its workers another user than its files have. */
const NOBODY = 65_534;

export async function startNginx(root: string, folder: string): Promise<Nginx> {
  const command = process.env["PLAYHEAD_NGINX"] || "nginx";
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const config = path.join(folder, "nginx.conf");
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${path.join(folder, name)};`,
  );
  await writeFile(
    config,
    `daemon off; worker_processes auto; pid ${path.join(folder, "pid")}; error_log ${path.join(folder, "error.log")};
     events { worker_connections 1024; }
     http { ${places.join(" ")} access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
       open_file_cache max=1000; types { video/mp4 m4s mp4; }
       server { listen 127.0.0.1:${port}; root ${root}; } }`,
  );
  // What nobody runs must be able to pass and write here.
  const asRoot = process.getuid?.() === 0;
  if (asRoot) for (const place of [folder, root, path.dirname(folder)]) await chmod(place, 0o777);
  const child = spawn(command, ["-c", config, "-p", folder], {
    stdio: "ignore",
    ...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  const origin = `http://127.0.0.1:${port}`;
  await answersAt(origin, child);
  return {
    origin,
    async pids() {
      return child.pid === undefined ? [] : [child.pid, ...(await childrenOf(child.pid, "nginx"))];
    },
    async close() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("No port");
  return address.port;
}

async function answersAt(origin: string, child: { readonly exitCode: number | null }): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with status ${child.exitCode}`);
    const answered = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
