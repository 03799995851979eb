import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface SectionProps {
  readonly title: string;
  /** Stands beside the title. */
  readonly beside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A table with its title. */
export function Section({ title, beside, children }: SectionProps) {
  const id = useId();
  return (
    <section class="breakdown" aria-labelledby={id}>
      <header class="breakdown-head">
        <h2 class="title-face" id={id}>
          {title}
        </h2>
        {beside}
      </header>
      {children}
    </section>
  );
}
