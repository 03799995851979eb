import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface DefinedButtonProps {
  readonly class: string;
  readonly pressed: boolean;
  readonly definition: string;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/** A figure that can be chosen, with what it means shown to pointer and keyboard alike. */
export function DefinedButton({ class: name, pressed, definition, onClick, children }: DefinedButtonProps) {
  const id = useId();
  return (
    <div class={`${name} defined`}>
      <button type="button" class="figure-button" aria-pressed={pressed} aria-describedby={id} onClick={onClick}>
        {children}
      </button>
      <span class="definition" role="tooltip" id={id}>
        {definition}
      </span>
    </div>
  );
}

/** The name of a figure, with what it means. */
export function DefinedTerm({ definition, children }: { definition: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <dt class="label">
      <span class="defined-name" tabIndex={0} aria-describedby={id}>
        {children}
      </span>
      <span class="definition" role="tooltip" id={id}>
        {definition}
      </span>
    </dt>
  );
}
