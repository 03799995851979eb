import { connect, type Socket } from "node:net";

/**
 * An HTTP/1.1 client that counts bytes and throws them away, on one kept connection: what is measured is the server, so
 * the client must cost little. It knows answers with a Content-Length only.
 */
export interface RawClient {
  /** @returns the body's bytes. @throws when the answer is not 200 or 206. */
  get(pathname: string, headers?: Readonly<Record<string, string>>): Promise<number>;
  close(): void;
}

export function openRawClient(origin: string): RawClient {
  const { hostname, port, host } = new URL(origin);
  let onAnswer: { resolve: (bytes: number) => void; reject: (error: Error) => void } | undefined;
  let head = "";
  let missing = 0;
  let length = -1;

  function take(size: number, { buffer, byteOffset }: Uint8Array): boolean {
    let rest = size;
    if (length < 0) {
      head += Buffer.from(buffer, byteOffset, size).toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return true;
      rest = head.length - end - 4;
      const told = /^content-length: *(\d+)/im.exec(head.slice(0, end))?.[1];
      const status = head.slice(9, 12);
      if (told === undefined || (status !== "200" && status !== "206")) {
        fail(new Error(`Not what was asked for: ${head.slice(0, end)}`));
        return true;
      }
      length = missing = Number(told);
    }
    missing -= rest;
    if (missing <= 0) {
      const answer = onAnswer;
      const bytes = length;
      [onAnswer, head, length] = [undefined, "", -1];
      answer?.resolve(bytes);
    }
    return true;
  }

  function fail(error: Error): void {
    onAnswer?.reject(error);
    onAnswer = undefined;
    socket.destroy();
  }

  const socket: Socket = connect({
    host: hostname,
    port: Number(port),
    onread: { buffer: Buffer.allocUnsafe(512 * 1024), callback: take },
  });
  socket.setNoDelay(true);
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("The server closed the connection")));

  return {
    get: (pathname, headers = {}) =>
      new Promise((resolve, reject) => {
        onAnswer = { resolve, reject };
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${lines.join("")}\r\n`);
      }),
    close() {
      socket.removeAllListeners("close").on("close", () => {});
      socket.destroy();
    },
  };
}
