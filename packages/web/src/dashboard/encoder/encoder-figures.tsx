import type { EncoderReply } from "@playhead/protocol";
import { Amount } from "../amount.js";
import { DefinedTerm } from "../definition.js";
import { Detail, Headline } from "../fact.js";
import { count, counted, milliseconds, type Quantity, say, share } from "../quantity.js";
import { speedText } from "./encoder-charts.js";

/** What sessions and encoders came to, over the whole range. */
export function EncoderTotals({ totals: { sessions, video, audio } }: { totals: EncoderReply["totals"] }) {
  const [starts, failures] = [video.starts + audio.starts, video.failures + audio.failures];
  return (
    <div class="figures">
      <dl class="headlines">
        <Headline
          name="Sessions"
          title="HLS sessions that started: one for each who watches a film that is not played as it is."
          of={count(sessions.started)}
        >
          {say(count(sessions.preloaded))} made ready ahead, {say(count(sessions.unused))} never played
        </Headline>
        <div class="headline defined">
          <DefinedTerm definition="From the start of an ffmpeg for the picture to its first segment. Half took no longer than p50; 95 in 100 no longer than p95. Exact to 19 %.">
            First segment
          </DefinedTerm>
          <dd class="headline-pair">
            <Ranked rank="p50" of={milliseconds(video.firstSegmentP50Ms)} />
            <Ranked rank="p95" of={milliseconds(video.firstSegmentP95Ms)} second />
          </dd>
          <dd class="headline-beside">of {counted(video.firstSegments, "run")} for the picture</dd>
        </div>
        <Headline
          name="Timeouts"
          title="Sessions that ended without a sign of life from their player, of all that ended."
          of={share(sessions.timeoutRate)}
        >
          {say(count(sessions.timedOut))} of {say(count(sessions.ended))} that ended
        </Headline>
        <Headline
          name="Encoder failures"
          title="Runs of ffmpeg that failed, of all that started, for picture and sound. A first failure is tried again."
          of={share(starts > 0 ? failures / starts : null)}
        >
          {say(count(failures))} of {say(count(starts))} that started
        </Headline>
      </dl>
      <dl class="details">
        <Detail
          name="Session start"
          title="To plan and open a session, in the mean."
          of={milliseconds(sessions.startMs)}
        />
        <Detail
          name="ffmpeg start"
          title="From the start of an ffmpeg for the picture to its first byte, in the mean: its input is open, and its encoder runs."
          of={milliseconds(video.outputMs)}
        />
        <Detail
          name="Segment"
          title="What a segment of picture took, in the mean; without the first of each run."
          of={milliseconds(video.segmentMs)}
        />
        <Detail
          name="Speed"
          title="Picture made, by the time that took: 2 × is twice as fast as it plays."
          of={speedText(video.speed)}
        />
        <Detail
          name="Too slow"
          title="Segments of picture that took longer to make than they play, of all."
          of={share(video.slowRate)}
        />
        <Detail
          name="Had to wait"
          title="Runs for the picture that found all encoders taken, whatever came of it; and how long they waited, in the mean."
          of={count(video.waits)}
        >
          {video.waits > 0 && `${say(milliseconds(video.waitMs))} each`}
        </Detail>
      </dl>
    </div>
  );
}

function Ranked({ rank, of, second = false }: { rank: string; of: Quantity; second?: boolean }) {
  return (
    <span class="headline-figure title-face" data-second={second || undefined}>
      <Amount of={of} />
      <span class="headline-rank mono">{rank}</span>
    </span>
  );
}
