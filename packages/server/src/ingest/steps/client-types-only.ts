import { serverEventTypes } from "@playhead/protocol";
import type { Step } from "../pipeline.js";

/** What only the server can know must not be told to it: these events explain stalls. */
export const clientTypesOnly: Step = {
  name: "client types only",
  run: (record) =>
    serverEventTypes.has(record.event.type)
      ? { drop: "server_only_type", message: `type ${record.event.type} is recorded by the server alone` }
      : record,
};
