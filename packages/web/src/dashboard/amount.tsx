import type { Quantity } from "./quantity.js";

/** A quantity with its units set small beside the figures. */
export function Amount({ of }: { of: Quantity }) {
  return (
    <span class="amount">
      {of.map(({ figure, unit }, i) => (
        <span key={unit}>
          {i > 0 && " "}
          {figure}
          {unit !== "" && <small>{`\u00a0${unit}`}</small>}
        </span>
      ))}
    </span>
  );
}
