import type Hls from "hls.js";
import type {
  AbrController,
  ErrorData,
  Events,
  FragBufferedData,
  FragLoadedData,
  FragLoadingData,
  Fragment,
  Level,
  ManifestLoadingData,
} from "hls.js";
import { createBandwidthEstimate } from "./bandwidth-estimate.js";
import { chooseLevel, type LadderLevel } from "./choose-level.js";
import { createEncoderPace } from "./encoder-pace.js";
import { keepBandwidth } from "./known-bandwidth.js";
import { renditionIn } from "./rungs.js";
import { serverTimeMs } from "./server-time.js";

/** How often a download is looked at, ms, and how long it may take before it is judged. */
const LOOK_MS = 100;
const JUDGE_AFTER_MS = 1_000;
/** The decoder is this far ahead of the playhead, at most, seconds. */
const DECODE_AHEAD_S = 1;
/** A segment that begins where the buffer ends, give or take a frame, replaces nothing. */
const JOIN_S = 0.05;
/** Where it is not known how a level is cut, segments are taken to be no longer than this, seconds. */
const UNKNOWN_JOIN_S = 12;
/** A lower level must promise to be there in this share of the time that the present download still needs. */
const WORTH_IT = 0.7;

/**
 * hls.js' choice of level, for a server that makes segments when they are asked for. hls.js takes every long wait for a
 * slow network; here the server's own time, which it tells, counts for nothing, and a download is only judged by the
 * bytes that come. So the original is left for a slow network, and never for a slow disk or encoder.
 *
 * @param isOriginal by the rendition's name.
 */
export function ladderAbr(HlsClass: typeof Hls, isOriginal: (rendition: string) => boolean): typeof AbrController {
  const { Events: events, ErrorTypes: types } = HlsClass;

  return class LadderAbr extends HlsClass.DefaultConfig.abrController {
    #estimate = createBandwidthEstimate();
    #pace = createEncoderPace();
    /** Level of the last fragment that arrived, −1 before the first. */
    #loaded = -1;
    #switchedAt = Number.NEGATIVE_INFINITY;
    /** What hls.js or an abandoned download asked for, until a fragment of it is there. */
    #forced = -1;
    #loading: Fragment | undefined;
    #watch: ReturnType<typeof setInterval> | undefined;

    override destroy(): void {
      clearInterval(this.#watch);
      super.destroy();
    }

    override get firstAutoLevel(): number {
      return Math.max(0, this.hls.firstLevel);
    }

    override get forcedAutoLevel(): number {
      return this.#forced;
    }

    override get nextAutoLevel(): number {
      if (this.#forced >= 0) return this.#forced;
      const { hls } = this;
      if (this.#loaded < 0) return hls.loadLevel >= 0 ? hls.loadLevel : Math.max(0, hls.startLevel);
      const now = performance.now();
      const { media } = hls;
      const screen = media && {
        width: media.clientWidth * devicePixelRatio,
        height: media.clientHeight * devicePixelRatio,
      };
      const wanted = chooseLevel({
        levels: hls.levels.map((level) => this.#describe(level)),
        at: this.#loaded,
        bandwidthBps: this.#estimate.bps,
        bufferS: this.#bufferS(),
        sinceSwitchS: (now - this.#switchedAt) / 1000,
        screen: screen && screen.width > 0 && screen.height > 0 ? screen : undefined,
        isTooDear: (index) => this.#pace.isTooDear(index, now),
      });
      return this.deriveNextAutoLevel(this.#joins(wanted) ? wanted : this.#loaded);
    }

    /**
     * Whether the segment with which this level would go on begins ahead of the playhead. One that begins before it
     * replaces what is being decoded, and leaves the decoder without a keyframe until the next segment.
     */
    #joins(level: number): boolean {
      const { media, mainForwardBufferInfo: buffer } = this.hls;
      if (level === this.#loaded || !media || !buffer || buffer.len === 0) return true;
      const { fragments } = this.hls.levels[level]?.details ?? {};
      if (!fragments) return level < this.#loaded || this.#bufferS() >= UNKNOWN_JOIN_S;
      const next = fragments.find(({ end }) => end > buffer.end);
      return next === undefined || next.start >= buffer.end - JOIN_S || next.start > media.currentTime + DECODE_AHEAD_S;
    }

    override set nextAutoLevel(level: number) {
      this.#forced = this.deriveNextAutoLevel(level);
    }

    protected override onManifestLoading(event: Events.MANIFEST_LOADING, data: ManifestLoadingData): void {
      super.onManifestLoading(event, data);
      clearInterval(this.#watch);
      this.#loaded = -1;
      this.#forced = -1;
    }

    protected override onFragLoading(_: Events.FRAG_LOADING, { frag }: FragLoadingData): void {
      if (!isPicture(frag)) return;
      this.#loading = frag;
      clearInterval(this.#watch);
      this.#watch = setInterval(() => this.#judge(), LOOK_MS);
    }

    protected override onFragLoaded(_: Events.FRAG_LOADED, { frag, networkDetails }: FragLoadedData): void {
      if (!isPicture(frag)) return;
      clearInterval(this.#watch);
      const { loading, loaded } = frag.stats;
      const serverMs = Math.min(serverTimeMs(networkDetails), Math.max(0, loading.first - loading.start));
      this.#measured(loading.end - loading.start - serverMs, loaded);
      const now = performance.now();
      const level = this.hls.levels[frag.level];
      if (level && !this.#describe(level).isOriginal) this.#pace.segment(frag.level, serverMs, frag.duration, now);
      if (frag.level !== this.#loaded) this.#switchedAt = now;
      this.#loaded = frag.level;
      if (this.#forced === frag.level) this.#forced = -1;
    }

    protected override onFragBuffered(_: Events.FRAG_BUFFERED, { frag, stats }: FragBufferedData): void {
      // Of use to who looks at `hls.bandwidthEstimate`, and to telemetry.
      if (isPicture(frag) && this.#estimate.bps !== undefined) stats.bwEstimate = this.#estimate.bps;
    }

    /** The requests of a server that is away fail at every level: leaving this one for them would be for nothing. */
    protected override onError(event: Events.ERROR, data: ErrorData): void {
      super.onError(event, data);
      const action = data.errorAction;
      if (data.type !== types.NETWORK_ERROR || action?.nextAutoLevel === undefined) return;
      const level = this.hls.levels[data.frag?.level ?? data.level ?? this.#loaded];
      const refused = (data.response?.code ?? 0) >= 400 && data.response?.code !== 503;
      // A converted level that the server refuses may be one that its encoder fails at.
      if (!refused || (level && this.#describe(level).isOriginal)) delete action.nextAutoLevel;
    }

    #measured(durationMs: number, bytes: number): void {
      this.#estimate.sample(durationMs, bytes);
      this.bwEstimator.sample(durationMs, bytes);
      if (this.#estimate.bps !== undefined) keepBandwidth(this.#estimate.bps);
    }

    #describe({ averageBitrate, width, height, uri }: Level): LadderLevel {
      return { averageBps: averageBitrate, width, height, isOriginal: isOriginal(renditionIn(uri) ?? "") };
    }

    #bufferS(): number {
      const rate = Math.abs(this.hls.media?.playbackRate ?? 1) || 1;
      return (this.hls.mainForwardBufferInfo?.len ?? 0) / rate;
    }

    /** Gives a download up when its bytes come too slowly to be there in time, and those of a lower level would not. */
    #judge(): void {
      const { hls } = this;
      const frag = this.#loading;
      if (!hls || !frag || frag.stats.aborted || frag.stats.loading.end > 0) return clearInterval(this.#watch);
      const { loading, loaded, total } = frag.stats;
      // Before the first byte the server is at work: nothing is known of the network.
      if (!hls.autoLevelEnabled || !hls.media || loading.first === 0 || loaded === 0) return;
      const tookMs = performance.now() - loading.first;
      if (tookMs < JUDGE_AFTER_MS) return;
      const bps = (loaded * 8_000) / tookMs;
      const level = hls.levels[frag.level];
      const expected = total > 0 ? total : ((level?.averageBitrate ?? 0) * frag.duration) / 8;
      const restS = ((expected - loaded) * 8) / bps;
      if (restS <= this.#bufferS()) return;
      const lower = hls.levels.slice(hls.minAutoLevel, frag.level);
      const fits = lower.findLastIndex(({ averageBitrate }) => averageBitrate * frag.duration < bps * restS * WORTH_IT);
      if (fits < 0) return;
      clearInterval(this.#watch);
      this.#measured(tookMs, loaded);
      const next = Math.max(0, this.#affordable(frag.level, bps) ?? 0);
      hls.nextLoadLevel = hls.nextAutoLevel = Math.min(next, hls.minAutoLevel + fits);
      frag.abortRequests();
      hls.trigger(events.FRAG_LOAD_EMERGENCY_ABORTED, { frag, part: null, stats: frag.stats });
    }

    #affordable(below: number, bps: number): number | undefined {
      const found = this.hls.levels.slice(0, below).findLastIndex(({ averageBitrate }) => averageBitrate <= bps);
      return found < 0 ? undefined : found;
    }
  };
}

/** hls.js' own names are enums, which a type-only import does not bring. */
function isPicture({ type, sn }: Fragment): boolean {
  const kind: string = type;
  return kind === "main" && sn !== "initSegment";
}
