import { SetupError } from "./step.mjs";

const NEEDED = [20, 19];

/** @throws {SetupError} when this Node is too old for the packages that we pin. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  throw new SetupError(`Playhead needs Node ${NEEDED.join(".")} or newer; this is ${process.versions.node}.`);
}
