import { type Channel, channel } from "node:diagnostics_channel";

/** The channels of one stage on `node:diagnostics_channel`, by name, with what is told on each. */
export interface Channels<M extends object> {
  /** Publishes without waiting; without a listener it costs a look-up. */
  readonly publish: <C extends keyof M & string>(name: C, message: M[C]) => void;
  /** Listens to one channel: the listener must not throw, and holds up whoever publishes. @returns what ends it */
  readonly listen: <C extends keyof M & string>(name: C, listener: (message: M[C]) => void) => () => void;
}

/**
 * Held for as long as the process lives. Node forgets a channel that nobody listens to, and cleans up after it by name, late: whoever
 * had subscribed to its successor meanwhile was never told of anything again (nodejs/node#59910; Node 20 is so).
 */
const held = new Map<string, Channel>();

/** The channel of a name, always the same one. */
export function channelOf(name: string): Channel {
  let found = held.get(name);
  if (found === undefined) {
    found = channel(name);
    held.set(name, found);
  }
  return found;
}

/** @template M channel name → message */
export function channelsOf<M extends object>(): Channels<M> {
  /** Only `publish` writes to our channels, so what comes out of one is of its type. */
  const isMessageOf = <C extends keyof M>(_name: C, message: unknown): message is M[C] =>
    typeof message === "object" && message !== null;

  return {
    publish(name, message) {
      const target = channelOf(name);
      if (target.hasSubscribers) target.publish(message);
    },
    listen(name, listener) {
      const onMessage = (message: unknown) => {
        if (isMessageOf(name, message)) listener(message);
      };
      const target = channelOf(name);
      target.subscribe(onMessage);
      return () => {
        target.unsubscribe(onMessage);
      };
    },
  };
}
