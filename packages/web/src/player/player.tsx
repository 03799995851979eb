import type { MediaReply, PlaybackReply } from "@playhead/protocol";
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { knownLibrary } from "../api/library.js";
import { KeyMap } from "../design/key-map.js";
import { neighbours } from "../library/arrange.js";
import { resumePoint } from "../library/resume-point.js";
import { goBack, navigate } from "../router/router.js";
import { watchAttendance } from "./auto-advance.js";
import type { Capabilities } from "./capabilities.js";
import { chaptersVtt } from "./chapters.js";
import { BottomBar, TopBar } from "./controls.js";
import { followClicks } from "./follow-clicks.js";
import { followKeys, toggleFullscreen } from "./follow-keys.js";
import { followSeekBar } from "./follow-seek-bar.js";
import { keyLines } from "./keyboard.js";
import { chooseRung } from "./ladder/choose-rung.js";
import { chosenQuality } from "./ladder/quality-choice.js";
import { qualityTracks } from "./ladder/quality-tracks.js";
import { qualityOf } from "./ladder/rungs.js";
import { useLateControls } from "./late-controls.js";
import { Offers } from "./offers.js";
import { BlockedSheet, EndedSheet, FailedSheet, ResumeSheet, WaitingMark } from "./overlays.js";
import { type PlayIntent, rememberIntent } from "./play-intent.js";
import { type Playback, startPlayback } from "./playback.js";
import type { PreparedFilm } from "./prepared-film.js";
import { keepProgress } from "./progress-saver.js";
import { createScreen } from "./screen.js";
import { SettingsMenu } from "./settings-menu.js";
import { SubtitleOverlay } from "./subtitles/subtitle-overlay.js";
import { useSubtitles } from "./subtitles/use-subtitles.js";
import { startTelemetry, type Telemetry } from "./telemetry.js";
import { addThumbnails } from "./thumbnails.js";
import { TouchSeek } from "./touch-seek.js";
import { noTracks, type Tracks, trackName, watchTracks } from "./tracks.js";
import { waitingFor, watchServer, watchWaiting } from "./waiting.js";
import { useWarmNext } from "./warm-next.js";
import { exposePlayer } from "./window-handle.js";

export interface PlayerProps {
  readonly media: MediaReply;
  readonly capabilities: Capabilities;
  readonly viewerId: string | undefined;
  /** Undefined: the viewer is asked where to go on. */
  readonly intent: PlayIntent | undefined;
  /** The server's answer to the intent, on its way. */
  readonly plan: Promise<PlaybackReply> | undefined;
  /** The film of the intent, already on an element of its own. */
  readonly film: PreparedFilm | undefined;
}

/** The film fills the window; leaving it stops everything. */
export function Player({ media, capabilities, viewerId, intent, plan: asked, film }: PlayerProps) {
  const root = useRef<HTMLElement>(null);
  const stage = useRef<HTMLElement>(null);
  const screen = useMemo(() => film?.video ?? createScreen(), []);
  const video = useRef(screen);
  const running = useSignal<{ playback: Playback; telemetry: Telemetry } | undefined>(undefined);
  const tracks = useSignal<Tracks>(noTracks);
  const waiting = useSignal(true);
  const away = useSignal(false);
  const ended = useSignal(false);
  const quality = useSignal(chosenQuality());
  const controls = useLateControls(screen, intent !== undefined);
  const wantedAudio = useRef<number | undefined>(undefined);
  const chapters = useMemo(() => chapterUrl(media), [media]);
  const { previous, next } = neighbours(knownLibrary.value?.items ?? [], media.id);
  const keysShown = useSignal(false);
  const skipPart = useRef<() => void>(() => undefined);
  // The keys outlive this drawing, and the neighbours may come later.
  const goTo = useRef({ previous, next });
  goTo.current = { previous, next };

  const subtitles = useSubtitles({
    media,
    video: screen,
    isBegun: useComputed(() => running.value !== undefined),
    audioLanguage: useComputed(() => heardLanguage(media, tracks.value)),
    burn: (index) => running.peek()?.playback.burnSubtitle(index),
  });

  const begin = (wanted: PlayIntent, plan?: Promise<PlaybackReply>, prepared?: PreparedFilm) => {
    const element = video.current;
    if (!root.current) return;
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
      prepared,
      onSource: (plan, hls) => telemetry.source(plan, hls),
      onSession: (id) => telemetry.session(id),
    });
    running.value = { playback, telemetry };
  };

  useLayoutEffect(() => {
    if (chapters) screen.append(chapterTrack(chapters));
    stage.current?.prepend(screen);
    if (intent) begin(intent, asked, film);
    const element = video.current;
    const frame = root.current;
    if (!frame) return undefined;
    const stops = [
      keepProgress(element, media),
      addThumbnails(element, media.id),
      watchAttendance(),
      followKeys({
        video: element,
        frame,
        onLeave: leave,
        onCaptions: subtitles.toggle,
        onNext: (pressedAt) => goOn(pressedAt, goTo.current.next),
        onPrevious: (pressedAt) => goOn(pressedAt, goTo.current.previous),
        onSkipPart: () => skipPart.current(),
        onShowKeys: () => (keysShown.value = true),
        frameS: 1 / (media.tracks.find((track) => track.kind === "video")?.fps ?? 24),
      }),
      followClicks({ video: element, stage: frame, onFullscreen: () => toggleFullscreen(frame) }),
      followSeekBar({ video: element, stage: frame, onPlace: (atS) => running.peek()?.playback.expect(atS) }),
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
    return exposePlayer({
      video: video.current,
      get hls() {
        return running.peek()?.playback.hls.peek();
      },
      get viewId() {
        return running.peek()?.telemetry.viewId() ?? "";
      },
    });
  }, [running]);

  useWarmNext(screen, next?.id);

  function leave() {
    goBack(`/media/${encodeURIComponent(media.id)}`);
  }

  function goOn(clickedAt: number, to = goTo.current.next) {
    if (!to) return;
    rememberIntent({ mediaId: to.id, positionMs: 0, clickedAt });
    navigate(`/watch/${encodeURIComponent(to.id)}`, { replace: true });
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
  const resumeMs = resumePoint(media.positionMs, media.durationMs, media.creditsMs) ?? 0;
  const shownTracks = {
    ...tracks.value,
    ...(plan?.delivery === "direct" && { audio: fileAudio(media), audioTrack: 0 }),
    ...qualityTracks(plan, quality.value, tracks.value.rendition),
  };
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
        ref={stage}
      >
        {controls.value && (
          <>
            <TopBar media={media} plan={plan} />
            <BottomBar video={video.current} previous={previous} next={next} onGoTo={goOn}>
              <SettingsMenu
                video={video.current}
                tracks={shownTracks}
                onLevel={(index) => {
                  const rung = plan?.rungs?.[index];
                  quality.value = rung && qualityOf(rung);
                  if (playback) chooseRung(playback, rung);
                }}
                onAudio={chooseAudio}
                subtitles={subtitles}
                onSubtitle={subtitles.choose}
              />
            </BottomBar>
          </>
        )}
      </media-controller>
      <SubtitleOverlay video={screen} cues={subtitles.cues} />
      {state && state.kind !== "failed" && <TouchSeek video={video.current} />}
      {state?.kind === "ready" && !over && (
        <Offers video={video.current} media={media} next={next} onNext={goOn} skipPart={skipPart} />
      )}
      {keysShown.value && <KeyMap title="Keys" lines={keyLines} onClose={() => (keysShown.value = false)} />}
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
          begun={video.current.currentTime > 0}
          message={state.message}
          onRetry={(clickedAt) => {
            running.value?.telemetry.playRequested(clickedAt);
            playback?.retry();
          }}
          onBack={leave}
        />
      )}
      {over && (
        <EndedSheet
          video={video.current}
          next={next}
          onNext={goOn}
          onAgain={() => void video.current.play()}
          onBack={leave}
        />
      )}
    </main>
  );
}

function chapterTrack(src: string): HTMLTrackElement {
  return Object.assign(document.createElement("track"), { kind: "chapters", default: true, src });
}

/** The chapters as a track of the page; undefined where the film has none. */
function chapterUrl(media: MediaReply): string | undefined {
  const vtt = chaptersVtt(media.chapters);
  return vtt && URL.createObjectURL(new Blob([vtt], { type: "text/vtt" }));
}

/** The language of the track that plays; before one does, of the one that will. */
function heardLanguage(media: MediaReply, { audio, audioTrack }: Tracks): string | undefined {
  const playing = audio.find(({ index }) => index === audioTrack);
  if (playing) return playing.language;
  const sound = media.tracks.filter((track) => track.kind === "audio");
  return (sound.find((track) => track.default) ?? sound[0])?.language;
}

function fileAudio(media: MediaReply) {
  return media.tracks
    .filter((track) => track.kind === "audio")
    .map((track, index) => ({ index, label: trackName(track.title, track.language, index) }));
}
