import { listen, type StreamingMessages } from "../channels.js";

/** Waits for the next message that matches. */
export const heard = <C extends keyof StreamingMessages>(
  name: C,
  matches: (message: StreamingMessages[C]) => boolean,
) =>
  new Promise<StreamingMessages[C]>((resolve) => {
    const stop = listen(name, (message) => {
      if (!matches(message)) return;
      stop();
      resolve(message);
    });
  });
