import { build } from "./setup/build.mjs";
import { main } from "./setup/step.mjs";

/** Builds all anew, with what is installed. */
await main(build);
