import type { PlaybackLinkReply } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { request } from "../api/request.js";
import { Icon } from "../design/icon.js";

type State =
  | { readonly is: "idle" | "asking" }
  | { readonly is: "copied"; readonly expiresAt: number }
  /** The browser keeps its clipboard to itself: the link is shown to be copied by hand. */
  | { readonly is: "shown"; readonly url: string; readonly expiresAt: number }
  | { readonly is: "failed"; readonly message: string };

/** Copies a link that plays this item elsewhere without a sign-in: in VLC, on a TV, in another page. */
export function CopyLink({ mediaId }: { mediaId: string }) {
  const state = useSignal<State>({ is: "idle" });

  async function copy(): Promise<void> {
    state.value = { is: "asking" };
    try {
      const path = `/api/v1/media/${encodeURIComponent(mediaId)}/link`;
      const { url, expiresAt } = await request<PlaybackLinkReply>(path, { method: "POST" });
      const absolute = new URL(url, location.origin).href;
      state.value = (await toClipboard(absolute))
        ? { is: "copied", expiresAt }
        : { is: "shown", url: absolute, expiresAt };
    } catch (error) {
      state.value = { is: "failed", message: error instanceof Error ? error.message : "The link could not be made." };
    }
  }

  const now = state.value;
  return (
    <div class="copy-link">
      <button type="button" class="button" disabled={now.is === "asking"} onClick={() => void copy()}>
        <Icon name={now.is === "copied" ? "check" : "link"} />
        {now.is === "copied" ? "Link copied" : "Copy link"}
      </button>
      <p class="copy-link-word" role="status">
        {now.is === "copied" && `Plays this in VLC, on a TV or in another page, without a sign-in. ${until(now)}`}
        {now.is === "shown" && (
          <>
            {`Copy it from here. ${until(now)}`}
            <input
              class="mono"
              readOnly
              value={now.url}
              aria-label="Link"
              onFocus={(event) => event.currentTarget.select()}
            />
          </>
        )}
        {now.is === "failed" && now.message}
      </p>
    </div>
  );
}

const until = ({ expiresAt }: { expiresAt: number }) =>
  `Valid until ${new Date(expiresAt).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}.`;

async function toClipboard(text: string): Promise<boolean> {
  try {
    // Missing where the page came over plain HTTP from another machine (W3C Clipboard API: secure contexts only).
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
