import type { ComponentChildren } from "preact";
import { Amount } from "./amount.js";
import { DefinedTerm } from "./definition.js";
import type { Quantity } from "./quantity.js";

export interface FactProps {
  readonly name: string;
  /** What exactly is measured. */
  readonly title: string;
  readonly of: Quantity;
  readonly bad?: boolean;
  readonly children?: ComponentChildren;
}

/** One of the figures that say how it went; within a `dl`. */
export function Headline({ name, title, of, bad = false, children }: FactProps) {
  return (
    <div class="headline defined">
      <DefinedTerm definition={title}>{name}</DefinedTerm>
      <dd class="headline-figure title-face" data-bad={bad}>
        <Amount of={of} />
      </dd>
      <dd class="headline-beside">{children}</dd>
    </div>
  );
}

/** One that stands behind them. */
export function Detail({ name, title, of, children }: FactProps) {
  return (
    <div class="detail defined">
      <DefinedTerm definition={title}>{name}</DefinedTerm>
      <dd class="detail-figure">
        <Amount of={of} /> {children && <span class="detail-beside">{children}</span>}
      </dd>
    </div>
  );
}
