import { channelsOf } from "../channel.js";
import type { IngestMessages } from "../ingest/channels.js";
import type { LibraryMessages } from "../library/channels.js";
import type { StreamingMessages } from "../streaming/channels.js";

/** Every channel of this server, with what is told on it: `docs/observability.md`. */
export type Messages = StreamingMessages & IngestMessages & LibraryMessages;
export type Channel = keyof Messages;

export const { listen } = channelsOf<Messages>();
