import type { MediaReply, PlaybackReply } from "@playhead/protocol";
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { knownLibrary } from "../api/library.js";
import { neighbours } from "../library/arrange.js";
import { resumePoint } from "../library/resume-point.js";
import { goBack, navigate } from "../router/router.js";
import type { Capabilities } from "./capabilities.js";
import { chaptersVtt } from "./chapters.js";
import { BottomBar, TopBar } from "./controls.js";
import { followClicks } from "./follow-clicks.js";
import { followKeys, toggleFullscreen } from "./follow-keys.js";
import { BlockedSheet, EndedSheet, FailedSheet, ResumeSheet, WaitingMark } from "./overlays.js";
import { type PlayIntent, rememberIntent } from "./play-intent.js";
import { type Playback, startPlayback } from "./playback.js";
import { keepProgress } from "./progress-saver.js";
import { SettingsMenu } from "./settings-menu.js";
import { startTelemetry, type Telemetry } from "./telemetry.js";
import { noTracks, type Tracks, trackName, watchTracks } from "./tracks.js";
import { waitingFor, watchServer, watchWaiting } from "./waiting.js";
import { exposePlayer } from "./window-handle.js";

export interface PlayerProps {
  readonly media: MediaReply;
  readonly capabilities: Capabilities;
  readonly viewerId: string | undefined;
  /** Undefined: the viewer is asked where to go on. */
  readonly intent: PlayIntent | undefined;
  /** The server's answer to the intent, on its way. */
  readonly plan: Promise<PlaybackReply> | undefined;
}

/** The film fills the window; leaving it stops everything. */
export function Player({ media, capabilities, viewerId, intent, plan: asked }: PlayerProps) {
  const root = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const running = useSignal<{ playback: Playback; telemetry: Telemetry } | undefined>(undefined);
  const tracks = useSignal<Tracks>(noTracks);
  const waiting = useSignal(true);
  const away = useSignal(false);
  const ended = useSignal(false);
  const mounted = useSignal(false);
  const wantedAudio = useRef<number | undefined>(undefined);
  const chapters = useMemo(() => chapterUrl(media), [media]);
  const { next } = neighbours(knownLibrary.value?.items ?? [], media.id);

  const begin = (wanted: PlayIntent, plan?: Promise<PlaybackReply>) => {
    const element = video.current;
    if (!element || !root.current) return;
    const telemetry = startTelemetry({
      video: element,
      media,
      viewerId,
      requestedAt: wanted.clickedAt,
      autoplay: wanted.autoplay ?? false,
      root: root.current,
    });
    const playback = startPlayback({
      video: element,
      media,
      capabilities,
      positionMs: wanted.positionMs,
      ...(plan && { plan }),
      onSource: (plan, hls) => telemetry.source(plan, hls),
      onSession: (id) => telemetry.session(id),
    });
    running.value = { playback, telemetry };
  };

  useLayoutEffect(() => {
    mounted.value = true;
    if (intent) begin(intent, asked);
    const element = video.current;
    const frame = root.current;
    if (!element || !frame) return undefined;
    const stops = [
      keepProgress(element, media),
      followKeys({ video: element, frame, onLeave: leave, onCaptions: toggleCaptions }),
      followClicks({ video: element, stage: frame, onFullscreen: () => toggleFullscreen(frame) }),
      followWaiting(element),
      followEnd(element),
    ];
    return () => {
      for (const stop of stops) stop();
      // Telemetry first: the end of the view is the viewer's leaving, not the emptying of the element.
      running.peek()?.telemetry.stop();
      running.peek()?.playback.stop();
    };
  }, []);

  useSignalEffect(() => {
    const hls = running.value?.playback.hls.value;
    if (!hls) {
      tracks.value = noTracks;
      return undefined;
    }
    const watched = watchTracks(hls);
    const stop = watched.tracks.subscribe((now) => {
      tracks.value = now;
      const wanted = wantedAudio.current;
      if (wanted !== undefined && now.audio.some((each) => each.index === wanted)) {
        wantedAudio.current = undefined;
        hls.audioTrack = wanted;
      }
    });
    return () => {
      stop();
      watched.stop();
    };
  });

  useSignalEffect(() => {
    const now = running.value;
    if (!now) return;
    const state = now.playback.state.value;
    if (state.kind === "failed") now.telemetry.failed(state.message);
  });

  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    return exposePlayer({
      video: element,
      get hls() {
        return running.peek()?.playback.hls.peek();
      },
      get viewId() {
        return running.peek()?.telemetry.viewId() ?? "";
      },
    });
  }, [running]);

  function leave() {
    goBack(`/media/${encodeURIComponent(media.id)}`);
  }

  function goOn(clickedAt: number) {
    if (!next) return;
    rememberIntent({ mediaId: next.id, positionMs: 0, clickedAt });
    navigate(`/watch/${encodeURIComponent(next.id)}`, { replace: true });
  }

  function toggleCaptions() {
    const hls = running.peek()?.playback.hls.peek();
    if (hls && hls.subtitleTracks.length > 0) hls.subtitleTrack = hls.subtitleTrack === -1 ? 0 : -1;
  }

  function chooseAudio(index: number) {
    const playback = running.peek()?.playback;
    const hls = playback?.hls.peek();
    if (hls) {
      hls.audioTrack = index;
      return;
    }
    // A browser plays a file with its first audio track only; the playlists have them all.
    wantedAudio.current = index;
    playback?.preferHls();
  }

  function followWaiting(element: HTMLVideoElement) {
    const watched = watchWaiting(element);
    const server = watchServer(watched.waiting);
    const stops = [
      watched.waiting.subscribe((now) => (waiting.value = now)),
      server.away.subscribe((now) => (away.value = now)),
    ];
    return () => {
      for (const stop of stops) stop();
      server.stop();
      watched.stop();
    };
  }

  function followEnd(element: HTMLVideoElement) {
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener("ended", () => (ended.value = true), { signal });
    for (const name of ["playing", "seeking"]) {
      element.addEventListener(name, () => (ended.value = false), { signal });
    }
    return () => stop.abort();
  }

  const playback = running.value?.playback;
  const plan = playback?.plan.value;
  const state = playback?.state.value;
  const resumeMs = resumePoint(media.positionMs, media.durationMs) ?? 0;
  const shownTracks =
    plan?.delivery === "direct" ? { ...tracks.value, audio: fileAudio(media), audioTrack: 0 } : tracks.value;
  const busy =
    state && (state.kind === "starting" || state.kind === "recovering" || (state.kind === "ready" && waiting.value));
  const over = ended.value && state?.kind === "ready";
  const covered = !state || state.kind === "blocked" || state.kind === "failed" || over;
  return (
    <main
      class="player"
      id="player"
      data-theme="dark"
      data-idle={!state || state.kind === "failed"}
      data-covered={covered}
      ref={root}
    >
      {!state && media.posterUrl && <img class="player-backdrop" src={media.posterUrl} alt="" />}
      <media-controller
        class="player-stage"
        autohide="2.5"
        defaultstreamtype="on-demand"
        fullscreenelement="player"
        nohotkeys
      >
        <video slot="media" ref={video} playsInline crossOrigin="anonymous">
          {chapters && <track kind="chapters" default src={chapters} />}
        </video>
        <TopBar media={media} plan={plan} />
        <BottomBar video={video.current} next={next} onNext={goOn}>
          {mounted.value && video.current && (
            <SettingsMenu
              video={video.current}
              tracks={shownTracks}
              onLevel={(index) => {
                const hls = playback?.hls.peek();
                if (hls) hls.nextLevel = index;
              }}
              onAudio={chooseAudio}
              onSubtitle={(index) => {
                const hls = playback?.hls.peek();
                if (hls) hls.subtitleTrack = index;
              }}
            />
          )}
        </BottomBar>
      </media-controller>
      {busy && <WaitingMark text={waitingFor(plan?.delivery, state.kind === "recovering", away.value)} />}
      {!state && (
        <ResumeSheet
          media={media}
          atMs={resumeMs}
          onChoose={(positionMs, clickedAt) => begin({ mediaId: media.id, positionMs, clickedAt })}
        />
      )}
      {state?.kind === "blocked" && (
        <BlockedSheet
          media={media}
          onPlay={(clickedAt) => {
            running.value?.telemetry.playRequested(clickedAt);
            playback?.unblock();
          }}
        />
      )}
      {state?.kind === "failed" && (
        <FailedSheet
          media={media}
          begun={(video.current?.currentTime ?? 0) > 0}
          message={state.message}
          onRetry={(clickedAt) => {
            running.value?.telemetry.playRequested(clickedAt);
            playback?.retry();
          }}
          onBack={leave}
        />
      )}
      {over && <EndedSheet next={next} onNext={goOn} onAgain={() => void video.current?.play()} onBack={leave} />}
    </main>
  );
}

/** The chapters as a track of the page; undefined where the film has none. */
function chapterUrl(media: MediaReply): string | undefined {
  const vtt = chaptersVtt(media.chapters);
  return vtt && URL.createObjectURL(new Blob([vtt], { type: "text/vtt" }));
}

function fileAudio(media: MediaReply) {
  return media.tracks
    .filter((track) => track.kind === "audio")
    .map((track, index) => ({ index, label: trackName(track.title, track.language, index) }));
}
