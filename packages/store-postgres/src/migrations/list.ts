import { telemetry } from "./001-telemetry.js";
import { views } from "./002-views.js";
import { library } from "./003-library.js";
import { explainedViews } from "./004-explained-views.js";
import { unknownMetrics } from "./005-unknown-metrics.js";
import { errorFingerprints } from "./006-error-fingerprints.js";
import { alerts } from "./008-alerts.js";
import { work } from "./009-work.js";
import type { Migration } from "./migration.js";

/** Every step, oldest first. One that was released is never changed: what comes later is a new step at the end. */
export const migrations: readonly Migration[] = [
  telemetry,
  views,
  library,
  explainedViews,
  unknownMetrics,
  errorFingerprints,
  alerts,
  work,
];
