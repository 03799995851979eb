import type { HlsConfig, LoadPolicy } from "hls.js";

/** The server holds a request for a segment that is being made for up to 30 s; giving up before it answers wastes the work. */
const PATIENCE_MS = 60_000;

/** Retries in the loader are for the passing troubles of one request; what lasts longer is up to recovery.ts. */
const patient: LoadPolicy = {
  default: {
    maxTimeToFirstByteMs: PATIENCE_MS,
    maxLoadTimeMs: 2 * PATIENCE_MS,
    timeoutRetry: { maxNumRetry: 1, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 2, retryDelayMs: 500, maxRetryDelayMs: 2_000 },
  },
};

/** hls.js for films: complete playlists, any place at any time, a server that makes segments when they are asked for. */
export function hlsSettings(startS: number): Partial<HlsConfig> {
  return {
    startPosition: startS,
    lowLatencyMode: false,
    enableInterstitialPlayback: false,
    // The page shows subtitles itself, whichever way the film comes.
    enableWebVTT: false,
    enableCEA708Captions: false,
    // The first segment is asked for beside the opening of the MediaSource, not after it.
    startFragPrefetch: true,
    // The first segment is one that is shown. A test download would be thrown away, and cost the server a segment.
    testBandwidth: false,
    // Rungs are cut elsewhere than a copy: a segment that begins this much too late would leave a hole between them.
    maxFragLookUpTolerance: 0.02,
    // The viewer's choice outlives an error: what can't be loaded is loaded again, or told.
    preserveManualLevelOnError: true,
    // Which codecs play was asked before the session was made.
    useMediaCapabilities: false,
    // fMP4 is passed on as it is; a worker would add its own start to the film's and take no load off this thread.
    enableWorker: false,
    maxBufferLength: 40,
    maxMaxBufferLength: 60,
    maxBufferSize: 120_000_000,
    backBufferLength: 60,
    manifestLoadPolicy: patient,
    playlistLoadPolicy: patient,
    fragLoadPolicy: patient,
  };
}
