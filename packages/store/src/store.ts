import type { AlertStore } from "./alert-store.js";
import type { EventStore } from "./event-store.js";
import type { MediaStore, ProgressStore, UserStore } from "./library-store.js";
import type { ViewStore } from "./view-store.js";
import type { WorkStore } from "./work-store.js";

/** Telemetry's half of the storage: the part that a column store may take over. */
export interface TelemetryStore {
  readonly events: EventStore;
  readonly views: ViewStore;
}

/** The library's half: always relational. */
export interface LibraryStore {
  readonly media: MediaStore;
  readonly users: UserStore;
  readonly progress: ProgressStore;
}

/** Everything the server keeps. Opened by `main.ts`, which alone knows the engine. */
export interface Store extends TelemetryStore, LibraryStore {
  readonly alerts: AlertStore;
  readonly work: WorkStore;
  /** Resolves when the engine answers. @throws {StoreUnavailableError} */
  ping(): Promise<void>;
  /** Finishes what is under way, then closes connections, and the engine itself when it is ours. */
  close(): Promise<void>;
}
