/** The parts of media-chrome that the player uses, registered by their import; and their names for JSX. */
import "media-chrome/media-control-bar";
import "media-chrome/media-controller";
import "media-chrome/media-fullscreen-button";
import "media-chrome/media-mute-button";
import "media-chrome/media-pip-button";
import "media-chrome/media-play-button";
import "media-chrome/media-preview-chapter-display";
import "media-chrome/media-preview-thumbnail";
import "media-chrome/media-preview-time-display";
import "media-chrome/media-time-display";
import "media-chrome/media-time-range";
import "media-chrome/media-volume-range";
import type { HTMLAttributes } from "preact";

interface ControllerAttributes extends HTMLAttributes<HTMLElement> {
  /** Seconds until the controls go away. */
  autohide?: string;
  defaultstreamtype?: "on-demand";
  /** The id of what goes full screen. */
  fullscreenelement?: string;
  nohotkeys?: boolean;
}

interface TimeDisplayAttributes extends HTMLAttributes<HTMLElement> {
  showduration?: boolean;
  notoggle?: boolean;
}

interface ButtonAttributes extends HTMLAttributes<HTMLElement> {
  notooltip?: boolean;
}

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "media-controller": ControllerAttributes;
      "media-control-bar": HTMLAttributes<HTMLElement>;
      "media-play-button": ButtonAttributes;
      "media-mute-button": ButtonAttributes;
      "media-fullscreen-button": ButtonAttributes;
      "media-pip-button": ButtonAttributes;
      "media-volume-range": HTMLAttributes<HTMLElement>;
      "media-time-range": HTMLAttributes<HTMLElement>;
      "media-time-display": TimeDisplayAttributes;
      "media-preview-thumbnail": HTMLAttributes<HTMLElement>;
      "media-preview-time-display": HTMLAttributes<HTMLElement>;
      "media-preview-chapter-display": HTMLAttributes<HTMLElement>;
    }
  }
}
