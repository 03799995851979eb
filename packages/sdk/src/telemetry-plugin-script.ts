import { TelemetryPlugin } from "./telemetry-plugin.js";

// The first collector was a script without modules: a page that holds it goes on with this one in its place.
Object.assign(globalThis, { TelemetryPlugin });
