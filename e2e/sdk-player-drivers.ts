/**
 * The players that the SDK is tried with, each as it comes out of its package, and how a page uses it: an instance is
 * made, given to the SDK or found by it, and given its source at the click. The functions run in the page.
 */
export interface Driver {
  /** Of its package; none where the browser plays by itself. */
  readonly script?: string;
  readonly styles?: string;
  /** Makes the player, buffering little so that a cut network is felt soon. Returns what is given to the SDK. */
  readonly make: (video: HTMLVideoElement) => unknown;
  readonly load: (video: HTMLVideoElement, url: string) => unknown;
  /** The viewer chooses another rung; absent where there is none to choose. */
  readonly change?: (video: HTMLVideoElement) => void;
}

/** What is used of the libraries; `player` is the instance of the page. */
interface Libraries {
  Hls: new (config: object) => HlsPlayer;
  shaka: { Player: new () => ShakaPlayer };
  dashjs: { MediaPlayer(): { create(): DashPlayer } };
  videojs: { (video: HTMLVideoElement, options: object): VideoJsPlayer; Vhs: Record<string, number> };
}
interface HlsPlayer {
  loadSource(url: string): void;
  attachMedia(video: HTMLVideoElement): void;
  once(event: string, listener: () => void): void;
  loadLevel: number;
  nextLevel: number;
  readonly levels: readonly { readonly height: number }[];
}
interface ShakaTrack {
  readonly height: number;
}
interface ShakaPlayer {
  attach(video: HTMLVideoElement): Promise<void>;
  configure(config: object): void;
  load(url: string): Promise<void>;
  getVariantTracks(): ShakaTrack[];
  selectVariantTrack(track: ShakaTrack | undefined, clearBuffer: boolean): void;
}
interface DashPlayer {
  initialize(video: HTMLVideoElement, url: string | null, autoplay: boolean): void;
  attachSource(url: string): void;
  updateSettings(settings: object): void;
  getRepresentationsByType(type: string): { readonly height: number; readonly id: string }[];
  setRepresentationForTypeById(type: string, id: string, force: boolean): void;
}
interface VideoJsPlayer {
  src(source: object): void;
  play(): Promise<void>;
  tech(safety: true): { vhs: { representations(): { readonly height: number; enabled(on: boolean): void }[] } };
}
declare global {
  interface Window extends Libraries {
    player: HlsPlayer & ShakaPlayer & DashPlayer & VideoJsPlayer;
  }
}

export const drivers = {
  hlsjs: {
    script: "hls.js/dist/hls.min.js",
    make: () => {
      const player = new window.Hls({ maxBufferLength: 1, maxMaxBufferLength: 1, startLevel: 1, enableWorker: false });
      return Object.assign(window, { player }).player;
    },
    load: (video: HTMLVideoElement, url: string) => {
      // Held to its rung: what its own choice would do in ten seeks is no matter here.
      window.player.once("hlsManifestParsed", () => (window.player.loadLevel = 0));
      window.player.loadSource(url);
      window.player.attachMedia(video);
    },
    change: (video: HTMLVideoElement) => {
      window.player.nextLevel = window.player.levels.findIndex(({ height }) => height !== video.videoHeight);
    },
  },
  shaka: {
    script: "shaka-player/dist/shaka-player.hls.js",
    make: async (video: HTMLVideoElement) => {
      const player = new window.shaka.Player();
      player.configure({
        streaming: {
          bufferingGoal: 1,
          maxDisabledTime: 0,
          retryParameters: { maxAttempts: 20, baseDelay: 300, backoffFactor: 1 },
        },
        abr: { defaultBandwidthEstimate: 1e8 },
      });
      await player.attach(video);
      return Object.assign(window, { player }).player;
    },
    load: (_: HTMLVideoElement, url: string) => window.player.load(url),
    change: (video: HTMLVideoElement) => {
      const other = window.player.getVariantTracks().find(({ height }) => height !== video.videoHeight);
      window.player.configure({ abr: { enabled: false } });
      window.player.selectVariantTrack(other, true);
    },
  },
  dashjs: {
    script: "dashjs/dist/modern/umd/dash.all.min.js",
    make: (video: HTMLVideoElement) => {
      const player = window.dashjs.MediaPlayer().create();
      player.updateSettings({
        streaming: {
          buffer: { bufferTimeDefault: 1, bufferTimeAtTopQuality: 1, bufferTimeAtTopQualityLongForm: 1 },
          retryAttempts: { MediaSegment: 20 },
          retryIntervals: { MediaSegment: 300 },
          abr: { autoSwitchBitrate: { video: false }, initialBitrate: { video: 1e5 } },
        },
      });
      player.initialize(video, null, false);
      return Object.assign(window, { player }).player;
    },
    load: (_: HTMLVideoElement, url: string) => window.player.attachSource(url),
    change: (video: HTMLVideoElement) => {
      const other = window.player.getRepresentationsByType("video").find(({ height }) => height !== video.videoHeight);
      window.player.setRepresentationForTypeById("video", other!.id, true);
    },
  },
  videojs: {
    script: "video.js/dist/video.min.js",
    styles: "video.js/dist/video-js.min.css",
    make: (video: HTMLVideoElement) => {
      Object.assign(window.videojs.Vhs, { GOAL_BUFFER_LENGTH: 1, MAX_GOAL_BUFFER_LENGTH: 1 });
      const player = window.videojs(video, {
        html5: { vhs: { bandwidth: 1e8, overrideNative: true, limitRenditionByPlayerDimensions: false } },
      });
      Object.assign(window, { player });
      // Left to the SDK to find.
      return undefined;
    },
    // It gives the element its source later, so a `play` of the element's own would come to nothing.
    load: (_: HTMLVideoElement, url: string) => {
      window.player.src({ src: url, type: "application/x-mpegURL" });
      return window.player.play();
    },
    change: (video: HTMLVideoElement) => {
      const rungs = window.player.tech(true).vhs.representations();
      const other = rungs.find(({ height }) => height !== video.videoHeight);
      // It changes over when a rung is allowed, not when one is forbidden.
      for (const rung of rungs) rung.enabled(false);
      other?.enabled(true);
    },
  },
  native: {
    make: () => undefined,
    load: (video: HTMLVideoElement, url: string) => {
      video.src = url;
    },
  },
} satisfies Record<string, Driver>;

export type DriverName = keyof typeof drivers;
