import { useSignal } from "@preact/signals";
import type { Season, Series } from "./arrange.js";
import { Card } from "./card.js";
import { isSeen, resumePoint } from "./resume-point.js";

/** One series: its name, a choice of seasons, and the season's episodes as a strip of frames. */
export function SeriesShelf({ series }: { series: Series }) {
  const chosen = useSignal<number | null | undefined>(undefined);
  const season = series.seasons.find((each) => each.number === chosen.value) ?? current(series.seasons);
  if (!season) return null;
  const episodes = series.seasons.flatMap((each) => each.episodes);
  const count = episodes.length;
  const watched = episodes.filter((item) => isSeen(item.positionMs, item.durationMs, item.creditsMs)).length;
  return (
    <section class="series" aria-label={series.name}>
      <header class="series-head">
        <h3 class="series-name title-face">{series.name}</h3>
        <span class="mono series-count">
          {count === 1 ? "1 episode" : `${count} episodes`}
          {watched > 0 && `  ${watched === count ? "all" : watched} watched`}
        </span>
        {series.seasons.length > 1 && (
          <div class="segments" role="group" aria-label={`Seasons of ${series.name}`}>
            {series.seasons.map((each) => (
              <button
                key={each.number}
                type="button"
                aria-pressed={each === season}
                onClick={() => {
                  chosen.value = each.number;
                }}
              >
                {each.number === null ? "Other" : each.number === 0 ? "Specials" : `Season ${each.number}`}
              </button>
            ))}
          </div>
        )}
      </header>
      <ul class="strip" key={season.number}>
        {season.episodes.map((item) => (
          <li key={item.id}>
            <Card item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The season that is being watched, else the first one that has a number above 0 and was not seen to its end. */
function current(seasons: readonly Season[]): Season | undefined {
  const begun = seasons.find((season) =>
    season.episodes.some((item) => resumePoint(item.positionMs, item.durationMs, item.creditsMs) !== undefined),
  );
  const unseen = (season: Season) =>
    season.episodes.some((item) => !isSeen(item.positionMs, item.durationMs, item.creditsMs));
  const numbered = seasons.filter((season) => season.number !== 0);
  return begun ?? numbered.find(unseen) ?? numbered[0] ?? seasons[0];
}
