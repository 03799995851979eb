import type { Dimension } from "./dimensions.js";
import type { Names } from "./names.js";

export interface ValueNameProps {
  readonly by: Dimension;
  /** Null: the views that do not tell. */
  readonly value: string | null;
  readonly names: Names;
  /** Looks at the views of one value alone. */
  readonly onOnly: (value: string) => void;
}

/** A value of a dimension: the way to its views alone. */
export function ValueName({ by, value, names, onOnly }: ValueNameProps) {
  const name = names.value(by, value);
  if (value === null) {
    return (
      <span class="breakdown-name" data-unknown>
        {name}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="breakdown-name link"
      title={name === value ? `Only ${name}` : `Only ${name} (${value})`}
      onClick={() => onOnly(value)}
    >
      {name}
    </button>
  );
}
