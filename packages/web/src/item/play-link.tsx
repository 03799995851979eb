import type { ComponentChildren } from "preact";
import { rememberIntent } from "../player/play-intent.js";

export interface PlayLinkProps {
  readonly mediaId: string;
  readonly positionMs: number;
  readonly children: ComponentChildren;
  readonly class: string;
  readonly kind?: "primary";
}

/** A link to the player that carries the moment of its click: the startup time counts from there. */
export function PlayLink({ mediaId, positionMs, children, class: className, kind }: PlayLinkProps) {
  return (
    <a
      class={className}
      data-kind={kind}
      href={`/watch/${encodeURIComponent(mediaId)}`}
      onClick={(event) => rememberIntent({ mediaId, positionMs, clickedAt: event.timeStamp })}
    >
      {children}
    </a>
  );
}
