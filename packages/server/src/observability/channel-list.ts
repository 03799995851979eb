import type { EncoderFields } from "../streaming/channels.js";
import type { Channel, Messages } from "./channels.js";

/** Unit (or kind of text), and meaning. */
export type FieldDoc = readonly [unit: string, meaning: string];

export interface ChannelDoc<M> {
  readonly when: string;
  readonly fields: { readonly [F in keyof M]: FieldDoc };
}

const at: FieldDoc = ["Unix ms", "when it was told"];
const hlsSessionId: FieldDoc = ["id", "the HLS session"];
const mediaId: FieldDoc = ["id", "the film"];
const userId: FieldDoc = ["id", "the user"];
const container: FieldDoc = ["word", "of the film: `mp4`, `matroska`, `avi`, …"];
const codec: FieldDoc = ["word", "of the film's first picture, in ffmpeg's words: `h264`, `hevc`, …"];
const delivery: FieldDoc = ["word", "`copy` or `transcode`"];
const message: FieldDoc = ["text", "what ffmpeg or the system said"];

const film = { hlsSessionId, mediaId, userId };
const run: ChannelDoc<EncoderFields>["fields"] = {
  ts: at,
  runId: ["count", "names this ffmpeg while the server runs"],
  mediaId,
  rendition: ["id", "what it makes"],
  kind: ["word", "`video` or `audio`"],
  container,
  codec: ["word", "of the stream that is converted, in ffmpeg's words"],
  encoder: ["word", "what converts it: `libx264`, `h264_nvenc`, `aac`, …"],
  hardware: ["word", "the hardware that encodes; null for software"],
  hlsSessionIds: ["ids", "the HLS sessions that it works for now"],
  startSegment: ["index", "the segment that it began with"],
};

/** What every channel tells: the list for people is made of this, and the subscribers go by it. */
export const channelDocs: { readonly [C in Channel]: ChannelDoc<Messages[C]> } = {
  "playhead:playback.request": {
    when: "somebody asked to play a film, and was told how",
    fields: {
      ts: ["Unix ms", "when it came"],
      ...film,
      hlsSessionId: ["id", "null for a film that is played as it is"],
      delivery: ["word", "`direct`, `copy` or `transcode`"],
      container,
      codec,
      planMs: ["ms", "to decide how it is delivered"],
      tookMs: ["ms", "until its session was open, with that"],
      found: ["word", "`warm`: a session that was made ready before; `open`: one that is played already; `nothing`"],
    },
  },
  "playhead:hls.session.start": {
    when: "an HLS session was opened",
    fields: {
      ts: at,
      ...film,
      delivery,
      container,
      codec,
      tookMs: ["ms", "to plan and open it"],
      positionMs: ["ms", "where playback was asked to begin"],
      preload: ["yes/no", "it is made ready before anyone pressed play"],
    },
  },
  "playhead:hls.session.end": {
    when: "an HLS session ended",
    fields: {
      ts: at,
      ...film,
      reason: ["word", "`idle`: timed out; `client`; `shutdown`; `unused`: made ready, and never played"],
      delivery,
      durationMs: ["ms", "since its start"],
      segments: ["count", "segment requests that were answered"],
      bytes: ["bytes", "of those segments"],
    },
  },
  "playhead:encoder.wait": {
    when: "an ffmpeg had to wait for others before it could start",
    fields: {
      ...run,
      priority: ["word", "`playing`, `look-ahead`, `prewarm` or `thumbnails`"],
      waitedMs: ["ms", "for a free encoder"],
      outcome: ["word", "`granted`, `busy`: its viewer was told that all are; `left`: nobody wanted it any more"],
    },
  },
  "playhead:ffmpeg.start": {
    when: "an ffmpeg was started",
    fields: {
      ...run,
      pid: ["count", "of the process; null if it could not be started"],
      queuedMs: ["ms", "until a slot was free for it"],
    },
  },
  "playhead:ffmpeg.first_segment": {
    when: "its first segment is there",
    fields: {
      ...run,
      index: ["index", "of that segment"],
      afterMs: ["ms", "since its start"],
      outputAfterMs: ["ms", "since its start, until it wrote anything: its input was open, and its encoder ran"],
    },
  },
  "playhead:ffmpeg.segment": {
    when: "one more segment is there",
    fields: {
      ...run,
      index: ["index", "of the segment"],
      bytes: ["bytes", "of the segment"],
      mediaMs: ["ms", "of media in it"],
      tookMs: ["ms", "since the segment before, or its start; without the time it stood still"],
    },
  },
  "playhead:ffmpeg.end": {
    when: "an ffmpeg is gone",
    fields: {
      ...run,
      reason: ["word", "`finished`, `stopped` or `failed`"],
      segments: ["count", "that it made"],
      lifeMs: ["ms", "since its start"],
    },
  },
  "playhead:ffmpeg.error": {
    when: "an ffmpeg failed; a first failure is mended by a new one, a second in a row reaches the player",
    fields: { ...run, message, exitCode: ["count", "its status; null if it was ended, or never began"] },
  },
  "playhead:hardware.probe": {
    when: "the hardware encoders were tried, after the start",
    fields: {
      ts: at,
      encoder: ["word", "the one that is used; null for none"],
      results: ["texts", "by encoder: what its trial came to"],
    },
  },
  "playhead:hardware.fallback": {
    when: "hardware failed in mid-run, and software goes on",
    fields: { ...run, hardware: ["word", "the hardware that failed"], message },
  },
  "playhead:segment.request": {
    when: "a segment or init segment was asked for, and answered or given up",
    fields: {
      ts: at,
      ...film,
      rendition: ["id", "whose segment"],
      kind: ["word", "`video`, `audio` or `subtitle`"],
      delivery: ["word", "`copy` or `transcode`; subtitles count as copied"],
      index: ["index", "null for the init segment"],
      waitMs: ["ms", "until it was made; 0 if it was there"],
      readMs: ["ms", "to read or package it"],
      bytes: ["bytes", "that were sent"],
      cached: ["yes/no", "it had been made before; null for subtitles"],
      outcome: ["word", "`sent`, `error` or `client_left`"],
      error: ["word", "code of the answer, of an `error`; else null"],
    },
  },
  "playhead:cmcd.request": {
    when: "a request on which its player said something about itself (CMCD) was answered",
    fields: {
      ts: ["Unix ms", "when it came"],
      reports: ["texts", "what the player said, not yet read"],
      userAgent: ["text", "the header; kept nowhere"],
      country: ["word", "ISO 3166-1 alpha-2, if a proxy told; else undefined"],
      hlsSessionId: ["id", "null for a film that is played as it is"],
      mediaId,
      delivery: ["word", "`direct`, `copy` or `transcode`"],
      kind: ["word", "`playlist`, `init`, `segment` or `file`"],
      mediaType: ["word", "`video`, `audio`, `subtitle`; null for what is none of them"],
      rendition: ["id", "null for the film's first playlist and for files"],
      index: ["index", "of the segment; null for everything else"],
      startMs: ["ms", "where it begins in the film; null where that is not known"],
      status: ["count", "of the answer; 499 if the client left"],
      waitMs: ["ms", "until the segment was made"],
      ttfbMs: ["ms", "until the answer began"],
      durationMs: ["ms", "until it was handed over whole"],
      bytes: ["bytes", "of the answer"],
    },
  },
  "playhead:ingest.batch": {
    when: "a POST of telemetry was answered",
    fields: {
      outcome: ["word", "`stored`, `refused`, `busy`, `unavailable` or `failed`"],
      received: ["count", "events in it; 0 if it could not be taken apart"],
      accepted: ["count", "events that are new"],
      duplicates: ["count", "events that were stored before"],
      rejected: ["count", "events that were refused"],
      durationMs: ["ms", "from its decoding to its commit or refusal, with fractions"],
    },
  },
  "playhead:ingest.drop": {
    when: "events of one POST were dropped for the same reason",
    fields: { reason: ["word", "why: `docs/ingest.md`"], count: ["count", "of events"] },
  },
  "playhead:ingest.stored": {
    when: "a group of events is committed",
    fields: { views: ["list", "`{appId, viewId, hlsSessionId}` of the views that got new events"] },
  },
  "playhead:library.probe": {
    when: "a file of the library was examined",
    fields: {
      ts: at,
      mediaId,
      outcome: ["word", "`ready` or `error`"],
      error: ["text", "why it can't be played; null if it can"],
      tookMs: ["ms", "to examine it"],
      sizeBytes: ["bytes", "of the file"],
      container: ["word", "`mp4`, `matroska`, `avi`, …; null if it could not be read"],
      codec: ["word", "of its first picture, in ffmpeg's words; null if it could not be read"],
      mediaMs: ["ms", "of media in it; null if it could not be read"],
    },
  },
};

const isChannel = (name: string): name is Channel => Object.hasOwn(channelDocs, name);
export const channels: readonly Channel[] = Object.keys(channelDocs).filter(isChannel);
