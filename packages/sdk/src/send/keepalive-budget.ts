/**
 * Browsers let a page have 64 KiB of `keepalive` bodies under way, all of its scripts together (Fetch standard,
 * "HTTP-network-or-cache fetch"); past that the request fails. We stay below, whatever the number of players.
 */
const BUDGET_BYTES = 60 * 1024;
let used = 0;

export const keepaliveBudget = {
  get left(): number {
    return BUDGET_BYTES - used;
  },
  /** Returns the function that gives it back. */
  spend(bytes: number): () => void {
    used += bytes;
    let open = true;
    return () => {
      if (open) used -= bytes;
      open = false;
    };
  },
};
