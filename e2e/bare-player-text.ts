import type { Page } from "playwright-core";
import type { BarePlayer } from "./bare-player-page.js";

export interface Read {
  readonly player: BarePlayer;
  readonly url: string;
  readonly token: string;
  /** RFC 5646, of the track that is turned on. */
  readonly language: string;
  /** Cues to wait for. */
  readonly count: number;
}

export interface ReadText {
  readonly errors: readonly string[];
  /** What the browser was given to show, without its styling. */
  readonly cues: readonly { readonly startMs: number; readonly endMs: number; readonly text: string }[];
}

/** Opens a film, turns one of its texts on as a viewer does, and reads what the video element got to show. */
export const readText = (page: Page, what: Read): Promise<ReadText> =>
  page.evaluate(async ({ player, url, token, language, count }) => {
    const errors: string[] = [];
    const video = document.body.appendChild(document.createElement("video"));
    video.muted = true;
    const close = player === "hls.js" ? await openHls() : await openShaka();

    async function openHls() {
      const hls = new Hls({
        enableWorker: false,
        xhrSetup: (xhr: XMLHttpRequest) => xhr.setRequestHeader("authorization", `Bearer ${token}`),
      });
      hls.on(Hls.Events.ERROR, (_, data) => errors.push(`${data.type} ${data.details} ${data.error?.message ?? ""}`));
      const listed = new Promise<void>((resolve) => hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => resolve()));
      hls.loadSource(url);
      hls.attachMedia(video);
      await listed;
      hls.subtitleTrack = hls.subtitleTracks.findIndex(({ lang }) => lang === language);
      return async () => hls.destroy();
    }
    async function openShaka() {
      const shakaPlayer = new shaka.Player();
      shakaPlayer.addEventListener("error", ({ detail }) =>
        errors.push(`${detail?.code} ${JSON.stringify(detail?.data)}`),
      );
      await shakaPlayer.attach(video);
      shakaPlayer.getNetworkingEngine().registerRequestFilter((_, request) => {
        request.headers["authorization"] = `Bearer ${token}`;
      });
      await shakaPlayer.load(url);
      shakaPlayer.selectTextTrack(shakaPlayer.getTextTracks().find((track) => track.language === language));
      return () => shakaPlayer.destroy();
    }

    const shownCues = () =>
      [...video.textTracks]
        .filter(({ mode }) => mode === "showing")
        .flatMap(({ cues }) => [...(cues ?? [])])
        .filter((cue) => cue instanceof VTTCue)
        .map((cue) => ({
          startMs: Math.round(cue.startTime * 1000),
          endMs: Math.round(cue.endTime * 1000),
          text: cue.getCueAsHTML().textContent,
        }));
    await video.play();
    while (shownCues().length < count && errors.length === 0 && !video.ended) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const cues = shownCues();
    await close();
    video.remove();
    return { errors, cues };
  }, what);
