import type { MediaReply, PlaybackReply } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { knownLibrary, knownMedia, loadLibrary, loadMedia } from "../api/library.js";
import { loadUser } from "../api/user.js";
import { Notice } from "../design/notice.js";
import { fullName } from "../library/arrange.js";
import { resumePoint } from "../library/resume-point.js";
import type { PageProps } from "../shell/pages.js";
import type { Capabilities } from "./capabilities.js";
import { capabilitiesFor } from "./known-capabilities.js";
import { type PlayIntent, takeIntent } from "./play-intent.js";
import { askForPlan, giveUpPlan } from "./playback.js";
import { Player } from "./player.js";
import type { PreparedFilm } from "./prepared-film.js";
import { claimFilm } from "./warm-film.js";
import "./player.css";

interface Known {
  readonly media: MediaReply;
  readonly capabilities: Capabilities;
  readonly viewerId: string | undefined;
  readonly intent: PlayIntent | undefined;
  /** Present with an intent: the server is asked while the page is being drawn. */
  readonly plan: Promise<PlaybackReply> | undefined;
}

interface Ready extends Known {
  /** Made ready while another page was read. */
  readonly film: PreparedFilm | undefined;
}

/** `/watch/:id`: everything the player needs to know, then the player. */
export function PlayerPage({ params }: PageProps) {
  const id = params["id"] ?? "";
  const ready = useSignal<Ready | undefined>(undefined);
  const problem = useSignal<Error | undefined>(undefined);

  // Before the next paint: the viewer has clicked, and every frame counts.
  useLayoutEffect(() => {
    const stop = new AbortController();
    const intent = takeIntent(id);
    // In this turn: the page before this one cancels what nobody has claimed.
    const film = intent && claimFilm(id, intent.positionMs);
    const show = (known: Known): void => {
      if (!stop.signal.aborted) {
        ready.value = { ...known, film };
        return;
      }
      film?.dispose();
      if (known.plan) giveUpPlan(known.plan);
    };
    const refuse = (error: unknown): void => {
      film?.dispose();
      if (!stop.signal.aborted) problem.value = error instanceof Error ? error : new Error(String(error));
    };
    prepare(id, intent, stop.signal).then(show, refuse);
    return () => stop.abort();
  }, [id, problem, ready]);

  useEffect(() => {
    const media = ready.value?.media;
    document.title = media ? `${fullName(media)} · Playhead` : "Playhead";
    // Opened by its address, an episode knows nothing of the one after it.
    if (media?.series === undefined || knownLibrary.peek()) return undefined;
    const stop = new AbortController();
    loadLibrary(stop.signal).then(
      (library) => (knownLibrary.value ??= library),
      () => undefined,
    );
    return () => stop.abort();
  }, [ready.value]);

  if (problem.value) {
    return (
      <main class="player" data-theme="dark">
        <div class="player-problem">
          <Notice
            tone="bad"
            title="This film can’t be opened"
            actions={
              <a class="button" data-size="small" href="/">
                To the library
              </a>
            }
          >
            {problem.value.message}
          </Notice>
        </div>
      </main>
    );
  }
  if (!ready.value) return <main class="player" data-theme="dark" />;
  return <Player {...ready.value} />;
}

/** From an item's page all of this is known, and nothing is waited for. */
async function prepare(id: string, intent: PlayIntent | undefined, signal: AbortSignal): Promise<Known> {
  const media = (intent && knownMedia(id).peek()) ?? (await loadMedia(id, signal));
  if (media.status === "error") throw new Error(media.error ?? "The server gives no reason.");
  if (media.status === "pending") throw new Error("The file is still being examined. Try again in a moment.");
  const [capabilities, user] = await Promise.all([capabilitiesFor(media), loadUser().catch(() => undefined)]);
  const wanted = intent ?? reloaded(media);
  const plan = wanted && askForPlan(media, capabilities, wanted.positionMs);
  return { media, capabilities, viewerId: user?.id, intent: wanted, plan };
}

/** Opened by its address: nothing to choose means that playing is meant, and the page itself is the one who asks. */
function reloaded(media: MediaReply): PlayIntent | undefined {
  if (resumePoint(media.positionMs, media.durationMs, media.creditsMs) !== undefined) return undefined;
  return { mediaId: media.id, positionMs: 0, clickedAt: performance.now(), autoplay: true };
}
