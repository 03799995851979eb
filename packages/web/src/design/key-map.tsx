import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.js";
import "./key-map.css";

export interface KeyMapProps {
  readonly title: string;
  readonly lines: readonly { readonly keys: readonly string[]; readonly about: string }[];
  readonly onClose: () => void;
}

/** All keys of a page. A modal dialog of the browser: it keeps the focus inside, closes on Esc, and gives the focus back. */
export function KeyMap({ title, lines, onClose }: KeyMapProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      class="key-map"
      ref={dialog}
      aria-labelledby="key-map-title"
      onClose={onClose}
      onKeyDown={(event) => event.key === "?" && dialog.current?.close()}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="key-map-inner">
        <header class="key-map-head">
          <h2 class="title-face" id="key-map-title">
            {title}
          </h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        <dl class="key-map-lines">
          {lines.map(({ keys, about }) => (
            <div key={about}>
              <dt>{keys.map((key) => (key === "…" ? <span key={key}>…</span> : <kbd key={key}>{key}</kbd>))}</dt>
              <dd>{about}</dd>
            </div>
          ))}
        </dl>
      </div>
    </dialog>
  );
}
