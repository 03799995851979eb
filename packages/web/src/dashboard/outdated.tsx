import { Notice } from "../design/notice.js";

export interface OutdatedProps {
  readonly error: Error;
  /** Whether older figures are shown. */
  readonly known: boolean;
  readonly onReload: () => void;
}

/** The figures could not be asked for; what is shown is what was known before. */
export function Outdated({ error, known, onReload }: OutdatedProps) {
  return (
    <Notice
      tone="bad"
      title={known ? "These figures may be out of date" : "The figures could not be loaded"}
      actions={
        <button type="button" class="button" data-size="small" onClick={onReload}>
          Try again
        </button>
      }
    >
      {error.message}
    </Notice>
  );
}
