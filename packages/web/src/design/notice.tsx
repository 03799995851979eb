import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.js";

export interface NoticeProps {
  readonly tone?: "plain" | "bad";
  readonly title: string;
  readonly icon?: IconName;
  readonly children?: ComponentChildren;
  /** Buttons: what can be done about it. */
  readonly actions?: ComponentChildren;
}

/** What went wrong or should be known, in words. Read out when it appears. */
export function Notice({ tone = "plain", title, icon, children, actions }: NoticeProps) {
  return (
    <div class="notice" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Icon name={icon ?? (tone === "bad" ? "warning" : "info")} />
      <p class="notice-title">{title}</p>
      {children && <div class="notice-text">{children}</div>}
      {actions && <div class="notice-actions">{actions}</div>}
    </div>
  );
}
