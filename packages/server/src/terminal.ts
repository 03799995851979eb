/** What a person at the terminal reads. On stderr, but for the ready line, which scripts wait for on stdout. */

export function say(message: string): void {
  process.stderr.write(`${process.stderr.isTTY ? "\u001b[2m›\u001b[0m" : "›"} ${message}\n`);
}

/** The one line that says that the service is up, with the link that signs its opener in. */
export function sayReady(link: string): void {
  const shown = process.stdout.isTTY ? `\u001b[1m${link}\u001b[0m` : link;
  process.stdout.write(`Playhead is ready at ${shown}\n`);
}

/** Says how far a long work has come, at most once in `everyMs`, and at its end. */
export function progressSayer(what: string, everyMs = 2_000): (progress: { done: number; total: number }) => void {
  let last = 0;
  return ({ done, total }) => {
    const now = performance.now();
    if (total === 0 || (done < total && now - last < everyMs)) return;
    last = now;
    say(`${what}: ${done} of ${total}`);
  };
}

/** Ends the process over something that the person can mend: one line, no stack. */
export function giveUp(message: string): never {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}
