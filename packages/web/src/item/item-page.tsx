import type { LibraryItem, MediaReply } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { knownLibrary, knownMedia, loadLibrary, loadMedia } from "../api/library.js";
import { useResource } from "../api/resource.js";
import { Icon } from "../design/icon.js";
import { Notice } from "../design/notice.js";
import { duration, timecode } from "../design/timecode.js";
import { fullName, neighbours } from "../library/arrange.js";
import { resolutionName } from "../library/card.js";
import { episodeCode } from "../library/episode-code.js";
import { isSeen, resumePoint } from "../library/resume-point.js";
import { Still } from "../library/still.js";
import "../library/still.css";
import type { Capabilities } from "../player/capabilities.js";
import { capabilitiesFor } from "../player/known-capabilities.js";
import { showsHdr } from "../player/ladder/viewer-means.js";
import { languageName } from "../player/tracks.js";
import { type WarmUp, warmFilm } from "../player/warm-film.js";
import { warmUp } from "../player/warm-up.js";
import type { PageProps } from "../shell/pages.js";
import { CopyLink } from "./copy-link.js";
import { type Expectation, expectDelivery } from "./expectation.js";
import "./item.css";
import { codecName, containerName, sizeName, trackFacts } from "./names.js";
import { PlayLink } from "./play-link.js";
import { Timeline } from "./timeline.js";
import { WatchedButton } from "./watched-button.js";

const refreshMs = (media: MediaReply | undefined) => (media?.status === "pending" ? 2_000 : undefined);

/** `/media/:id`: one film, what it is, and how it will play here. */
export function ItemPage({ params }: PageProps) {
  const id = params["id"] ?? "";
  const resource = useResource(id, (signal) => loadMedia(id, signal), { refreshMs, memory: knownMedia(id) });
  const { value: media, error, loading } = resource.state.value;

  useEffect(() => {
    document.title = media ? `${fullName(media)} · Playhead` : "Playhead";
  }, [media]);
  useEffect(warmUp, []);

  if (loading) return <Skeleton />;
  if (!media) {
    return (
      <Notice
        tone="bad"
        title="This film can’t be shown"
        actions={
          <>
            <button type="button" class="button" data-size="small" onClick={resource.reload}>
              Try again
            </button>
            <a class="button" data-size="small" href="/">
              To the library
            </a>
          </>
        }
      >
        {error?.message}
      </Notice>
    );
  }
  return <Item media={media} reload={resource.reload} />;
}

function Item({ media, reload }: { media: MediaReply; reload: () => void }) {
  const expectation = useSignal<Expectation | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    const show = (capabilities: Capabilities): void => {
      if (!gone) expectation.value = expectDelivery(media, capabilities, showsHdr());
    };
    if (media.status === "ready") capabilitiesFor(media).then(show, () => undefined);
    return () => {
      gone = true;
    };
  }, [media, expectation]);

  const resumeMs = resumePoint(media.positionMs, media.durationMs, media.creditsMs);
  const warm = useWarmFilm(media, resumeMs ?? 0);
  return (
    <article class="item">
      <header class="item-head" data-status={media.status}>
        {media.status !== "error" && <Still item={{ ...media, positionMs: 0 }} eager mute />}
        <div class="item-words">
          {media.series !== undefined && <p class="label item-series">{fullName(media)}</p>}
          <h1 class="title-face" data-long={media.title.length > 40}>
            {media.title}
          </h1>
          <p class="item-facts mono">
            {factsOf(media).map((fact) => (
              <span key={fact}>{fact}</span>
            ))}
          </p>
          {media.status === "ready" && (
            <div
              class="item-actions"
              onPointerEnter={() => warm.current?.renew()}
              onFocusIn={() => warm.current?.renew()}
            >
              {resumeMs !== undefined && (
                <PlayLink class="button" kind="primary" mediaId={media.id} positionMs={resumeMs}>
                  <Icon name="play" /> Resume from {timecode(resumeMs)}
                </PlayLink>
              )}
              <PlayLink
                class="button"
                {...(resumeMs === undefined && { kind: "primary" as const })}
                mediaId={media.id}
                positionMs={0}
              >
                <Icon name={resumeMs === undefined ? "play" : "restart"} />
                {resumeMs === undefined ? "Play" : "Play from the start"}
              </PlayLink>
              <WatchedButton media={media} onMarked={reload} />
              <CopyLink mediaId={media.id} />
            </div>
          )}
        </div>
      </header>
      {media.status === "error" && (
        <Notice tone="bad" title="This file can’t be played">
          <p>{media.error ?? "The server gives no reason."}</p>
          <p>When the file changes, it is examined again by itself.</p>
          <p class="mono notice-path">{media.path}</p>
        </Notice>
      )}
      {media.status === "pending" && (
        <Notice icon="clock" title="The file is being examined">
          It can be played as soon as its length and its streams are known.
        </Notice>
      )}
      {media.durationMs !== null && media.status === "ready" && (
        <Timeline media={media} durationMs={media.durationMs} atMs={resumeMs ?? 0} />
      )}
      <div class="item-columns">
        {expectation.value && <HowItPlays {...expectation.value} />}
        {media.tracks.length > 0 && <TheFile media={media} />}
      </div>
      <Neighbours id={media.id} series={media.series} />
    </article>
  );
}

/** Has the film ready where Play will begin it, for as long as its page is open. */
function useWarmFilm(media: MediaReply, positionMs: number) {
  const warm = useRef<WarmUp | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    const begin = (capabilities: Capabilities): void => {
      if (!gone) warm.current = warmFilm(media, capabilities, positionMs);
    };
    if (media.status === "ready") capabilitiesFor(media).then(begin, () => undefined);
    return () => {
      gone = true;
      warm.current?.leave();
      warm.current = undefined;
    };
    // Asked for anew, it is another object and the same film.
  }, [media.id, media.status, media.codecs.join(), positionMs]);
  return warm;
}

function factsOf(media: MediaReply): readonly (string | number)[] {
  const video = media.tracks.find((track) => track.kind === "video");
  const audio = media.tracks.find((track) => track.kind === "audio");
  const facts = [
    media.year,
    media.durationMs === null ? undefined : duration(media.durationMs),
    video?.width && video.height ? resolutionName(video.width, video.height) : undefined,
    video && codecName(video.codec),
    audio ? codecName(audio.codec) : video && "no sound",
    isSeen(media.positionMs, media.durationMs, media.creditsMs) ? "watched" : undefined,
  ];
  return facts.filter((fact) => fact !== undefined);
}

function HowItPlays({ headline, why, streams }: Expectation) {
  return (
    <section class="how" aria-labelledby="how">
      <h2 class="label" id="how">
        How it will play here
      </h2>
      <p class="how-headline title-face">{headline}</p>
      <p class="how-why">{why}</p>
      <dl class="how-streams">
        {streams.map((stream) => (
          <div key={stream.kind}>
            <dt>{stream.kind === "video" ? "Picture" : "Sound"}</dt>
            <dd>
              {stream.from}
              {stream.to !== stream.from && (
                <>
                  <span class="how-arrow" aria-label="becomes">
                    →
                  </span>
                  {stream.to}
                </>
              )}
            </dd>
            <dd class="how-reason">{stream.why}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const kinds = { video: "Picture", audio: "Sound", subtitle: "Subtitles" } as const;

function TheFile({ media }: { media: MediaReply }) {
  const facts = [
    media.container === undefined ? undefined : containerName(media.container),
    media.sizeBytes === undefined ? undefined : sizeName(media.sizeBytes),
  ];
  return (
    <section class="file" aria-labelledby="file">
      <h2 class="label" id="file">
        The file
      </h2>
      <p class="file-path mono">{media.path}</p>
      <p class="file-facts">{facts.filter((fact) => fact !== undefined).join(", ")}</p>
      <table class="tracks">
        <tbody>
          {media.tracks.map((track) => (
            <tr key={track.index}>
              <th scope="row">{kinds[track.kind]}</th>
              <td>
                {codecName(track.codec)}
                {track.language && languageName(track.language) && ` · ${languageName(track.language)}`}
                {track.title && ` · ${track.title}`}
                <span class="tracks-facts mono">{trackFacts(track)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The episodes before and after this one. */
function Neighbours({ id, series }: { id: string; series: string | undefined }) {
  const library = useResource("library", loadLibrary, { memory: knownLibrary });
  if (series === undefined) return null;
  const { previous, next } = neighbours(library.state.value.value?.items ?? [], id);
  if (!previous && !next) return null;
  return (
    <nav class="neighbours" aria-label={`Episodes of ${series}`}>
      {previous && <NeighbourLink item={previous} word="Previous" />}
      {next && <NeighbourLink item={next} word="Next" />}
    </nav>
  );
}

function NeighbourLink({ item, word }: { item: LibraryItem; word: "Previous" | "Next" }) {
  return (
    <a class="neighbour" data-word={word} href={`/media/${encodeURIComponent(item.id)}`}>
      <Still item={item} />
      <span>
        <span class="label">{`${word} · ${episodeCode(item)}`}</span>
        <span class="neighbour-title">{item.title}</span>
      </span>
    </a>
  );
}

function Skeleton() {
  return (
    <div class="item" role="status" aria-label="Loading the film">
      <div class="item-head">
        <span class="still skeleton" />
        <div class="item-words">
          <span class="skeleton item-skeleton-title" />
          <span class="skeleton skeleton-line" />
        </div>
      </div>
    </div>
  );
}
