import { EncoderSlots, type SlotHolder } from "./encoder-slots.js";
import { Runways } from "./runways.js";

/** Everything that makes this machine encode stands in one of these two queues. */
export interface Scheduler {
  /** The limit of video encoders. */
  readonly video: EncoderSlots;
  /** Sound costs a hundredth of the picture; its limit only stops a flood. */
  readonly audio: EncoderSlots;
  readonly runways: Runways;
  /** A video encoder made so much media (ms) in so much time of work (ms): what this machine can do. */
  noteWork(mediaMs: number, workMs: number): void;
  /**
   * Work for nobody who waits, such as thumbnails: begins when a slot is free, and is sent away as soon as anybody else
   * needs it. It must end its ffmpeg when its signal aborts.
   * @throws {SentAway} when it had to give its slot up: try again.
   */
  atLeisure<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface SchedulerOptions {
  readonly maxEncoders: number;
  /** Longest wait of somebody who plays for a free encoder, ms. */
  readonly slotWaitMs?: number;
}

/** The slot went to somebody who needs it more. */
export class SentAway extends Error {
  override readonly name = "SentAway";
  constructor() {
    super("The encoder is needed by somebody else");
  }
}

/** How much of the past a new measurement leaves: the last ten or so count. */
const remembered = 0.9;

export function createScheduler({ maxEncoders, slotWaitMs }: SchedulerOptions): Scheduler {
  const runways = new Runways();
  const work = { mediaMs: 0, workMs: 0 };
  const wait = slotWaitMs === undefined ? {} : { waitMs: slotWaitMs };

  /** Each encoder keeps up with as many viewers as it is faster than they watch. */
  const hasRoomForNewcomer = () =>
    work.workMs === 0 || runways.encodedFor + 1 <= (maxEncoders * work.mediaMs) / work.workMs;

  const video = new EncoderSlots(maxEncoders, { ...wait, hasRoomForNewcomer });
  const audio = new EncoderSlots(4 * maxEncoders, wait);

  return {
    video,
    audio,
    runways,
    noteWork(mediaMs, workMs) {
      work.mediaMs = work.mediaMs * remembered + mediaMs;
      work.workMs = work.workMs * remembered + workMs;
    },
    async atLeisure(work, signal) {
      const away = new AbortController();
      const holder: SlotHolder = {
        claim: () => ({ priority: "thumbnails", runwayS: 0 }),
        yieldSlot: () => away.abort(new SentAway()),
      };
      await video.acquire(holder, signal);
      try {
        return await work(AbortSignal.any([signal, away.signal]));
      } catch (error) {
        away.signal.throwIfAborted();
        throw error;
      } finally {
        video.release(holder);
      }
    },
  };
}
