import type { ViewRow } from "@playhead/protocol";
import { valueName } from "../dimensions.js";
import { Detail, Headline } from "../fact.js";
import { fullMoment } from "../moment.js";
import type { Names } from "../names.js";
import { bitrate, count, counted, decimal, milliseconds, say, share } from "../quantity.js";

/** Who watched it, with what, and how it was sent. */
export function ViewFacts({ view, names }: { view: ViewRow; names: Names }) {
  const device = [view.browser, view.os, view.deviceType && valueName("deviceType", view.deviceType).toLowerCase()];
  const player = [view.playerName, view.playerVersion];
  const experiment = [view.experiment, view.variant];
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Began", fullMoment(view.startedAt)],
    ["Viewer", names.viewer(view.viewerId)],
    ["With", joined(device, ", ")],
    ["Player", joined(player, " ")],
    ["Delivery", view.delivery === null ? undefined : valueName("delivery", view.delivery)],
    ["Codec", view.codec?.split(",").join(", ")],
    ["Container", view.container ?? undefined],
    ["Experiment", joined(experiment, ": ")],
    ["Told by", view.unknown === undefined ? undefined : valueName("source", view.source)],
  ];
  return (
    <dl class="view-facts">
      {facts.map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt class="label">{name}</dt>
            <dd class={name === "Codec" || name === "Container" || name === "Player" ? "mono" : undefined}>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function joined(parts: readonly (string | null)[], by: string): string | undefined {
  return parts.filter((part) => part !== null && part !== "").join(by) || undefined;
}

const NOT_TOLD = "this player does not tell";

function stallsOf(rebufferCount: number | null, waited: number | null, isUntold: boolean): string {
  if (rebufferCount === null) return NOT_TOLD;
  if (waited !== null) return `${counted(rebufferCount, "stall")}, ${say(share(waited))} of the watch time`;
  return isUntold ? counted(rebufferCount, "stall") : "nothing was watched";
}

/** What the view measured. */
export function ViewFigures({ view }: { view: ViewRow }) {
  const { decodedFrames, droppedFrames, watchMs, rebufferMs, rebufferCount, seekCount, seekMs } = view;
  const frames = decodedFrames === null || droppedFrames === null ? null : decodedFrames + droppedFrames;
  const waited = watchMs !== null && watchMs > 0 && rebufferMs !== null ? rebufferMs / watchMs : null;
  return (
    <div class="figures">
      <dl class="headlines">
        <Headline
          name="Startup"
          title="From the intent to play to the first frame with the playhead moving."
          of={milliseconds(view.startupMs)}
        >
          {startWords(view)}
        </Headline>
        <Headline
          name="Watched"
          title="Playing, stalled and seeking, after the first frame; pauses are left out."
          of={milliseconds(view.watchMs)}
        >
          {watchMs === null
            ? NOT_TOLD
            : `${say(milliseconds(view.playingMs))} playing, ${say(milliseconds(view.pauseMs))} paused`}
        </Headline>
        <Headline
          name="Stalled"
          title="Stops of at least 250 ms for lack of data, while it should play."
          of={milliseconds(view.rebufferMs)}
          bad={rebufferCount !== null && rebufferCount > 0}
        >
          {stallsOf(rebufferCount, waited, watchMs === null)}
        </Headline>
        <Headline
          name="Bitrate"
          title="What was shown, weighted by the time it was shown for."
          of={bitrate(view.averageBitrateBps)}
        >
          {view.switches === null
            ? "switches are not told"
            : view.switches === 0
              ? "no switches"
              : `${view.switchesUp} up, ${view.switchesDown} down`}
        </Headline>
      </dl>
      <dl class="details">
        <Detail name="Seeks" title="And how long they took, in the mean." of={count(seekCount)}>
          {seekCount !== null && seekMs !== null && seekCount > 0 && `${say(milliseconds(seekMs / seekCount))} each`}
        </Detail>
        <Detail
          name="Dropped frames"
          title="Decoded too late to be shown, of all frames."
          of={count(view.droppedFrames)}
        >
          {frames !== null && frames > 0 && `of ${say(count(frames))}`}
        </Detail>
        <Detail name="Frame rate" title="As it was last measured." of={decimal(view.fps, 1, "fps")} />
        <Detail name="Errors" title="Fatal or not." of={count(view.errorCount)} />
        <Detail
          name="Seed score"
          title="100, less points for a slow start, stalls and switches, plus some for a high bitrate."
          of={decimal(view.seedScore, 0)}
        />
        <Detail name="Startup score" title="100 · 8 / (8 + startup in seconds)." of={decimal(view.startupScore, 1)} />
        <Detail
          name="Smoothness"
          title="From the number of stalls, and their part of the watch time; 100 is none."
          of={decimal(view.smoothnessScore, 1)}
        />
        <Detail
          name="Picture"
          title="By how much the picture was blown up to the player's size; 100 is not at all."
          of={decimal(view.qualityScore, 1)}
        />
        {view.mos !== undefined && (
          <Detail
            name="MOS"
            title="Estimated mean opinion, 1 to 5; P.1203-style, mode 0, parametric part. Typical error ±0.5."
            of={decimal(view.mos, 2)}
          />
        )}
      </dl>
    </div>
  );
}

/** Where the time to the first frame went, as far as it is known. */
function startWords({ startupMs, startServerMs, startNetworkMs, startPlayerMs, unknown }: ViewRow): string {
  if (startupMs === null) return unknown?.includes("startupMs") ? NOT_TOLD : "no first frame";
  if (startServerMs === null) return "from the intent to the first frame";
  const [server, network, player] = [startServerMs, startNetworkMs, startPlayerMs].map((part) =>
    say(milliseconds(part)),
  );
  return `server ${server}, network ${network}, player ${player}`;
}
