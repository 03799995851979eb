/** Names what the events belong to, so it goes with each batch. */
const always = /Id$/;

/**
 * The context as the next batch needs it: whole until a batch with it is acknowledged, and after that only what has changed
 * since. The server folds a view field by field, so nothing is missing there.
 */
export class ContextTold {
  readonly #context: () => object;
  readonly #told = new Map<string, string>();

  constructor(context: () => object) {
    this.#context = context;
  }

  /** JSON, and what to call when the batch with it is acknowledged. */
  next(): [json: string, commit: () => void] {
    const fields = Object.entries(this.#context())
      .map(([name, value]) => [name, JSON.stringify(value)] as const)
      .filter(([name, json]) => always.test(name) || this.#told.get(name) !== json);
    return [
      `{${fields.map(([name, json]) => `"${name}":${json}`).join()}}`,
      () => {
        for (const [name, json] of fields) this.#told.set(name, json);
      },
    ];
  }
}
