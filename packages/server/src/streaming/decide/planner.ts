import { decide, firstRung, type PlaybackPlan, type VideoRendition, type ViewerMeans } from "@playhead/hls";
import type { PlaybackRequest } from "@playhead/protocol";
import { AppError } from "../../errors.js";
import type { FindMedia } from "../../library/media-item.js";
import { everyBrowserPlays } from "../every-browser.js";
import type { LinkedAddress } from "../linked-views.js";
import { type PlayableItem, playable } from "../playable.js";

/** What was asked for, and how it is done. */
export interface Planned {
  readonly item: PlayableItem;
  readonly plan: PlaybackPlan;
  /** With which the player begins; undefined where there is no picture, or the file itself is played. */
  readonly firstRung: VideoRendition | undefined;
  readonly request: PlaybackRequest;
}

export interface Planner {
  /** The item, if it can be played now. @throws {AppError} media_not_found, media_not_ready, media_unplayable, playback_off */
  find(mediaId: string): PlayableItem;
  /**
   * Decides how a film reaches this viewer.
   * @param isNear the viewer is on this machine or in its network.
   * @throws {AppError} as `find`, and bad_request
   */
  plan(request: PlaybackRequest, isNear: boolean): Planned;
  /** The same for a view through a signed link. @throws {AppError} as `plan` */
  planLinked(address: LinkedAddress, isNear?: boolean): Planned;
}

/** @param isOn whether this server plays at all. */
export function createPlanner(findMedia: FindMedia, isOn: boolean): Planner {
  function find(mediaId: string): PlayableItem {
    if (!isOn) throw new AppError("playback_off");
    return playable(findMedia(mediaId));
  }

  function plan(request: PlaybackRequest, isNear: boolean): Planned {
    const item = find(request.mediaId);
    const means = meansOf(request, isNear);
    const { sideSubtitles } = item;
    const { prefer, burnSubtitle } = request;
    const isBitmap = item.info.subtitles.some(({ index, kind }) => index === burnSubtitle && kind === "bitmap");
    if (burnSubtitle !== undefined && !isBitmap) {
      throw new AppError("bad_request", { message: `The film has no subtitle pictures at index ${burnSubtitle}.` });
    }
    const options = {
      means,
      sideSubtitles,
      ...(prefer === undefined ? {} : { prefer }),
      ...(burnSubtitle === undefined ? {} : { burnSubtitle }),
    };
    const decided = decide(item.info, new Set(request.supported), options);
    const told = decided.video.find(({ id }) => id === request.rendition);
    return { item, plan: decided, firstRung: told ?? firstRung(decided, means), request };
  }

  function planLinked({ mediaId, supported }: LinkedAddress, isNear = false): Planned {
    return plan({ mediaId, supported: [...(supported ?? everyBrowserPlays(find(mediaId).info))] }, isNear);
  }

  return { find, plan, planLinked };
}

function meansOf({ screen, bandwidthBps, quality, hdr }: PlaybackRequest, isNear: boolean): ViewerMeans {
  return {
    isNear,
    ...(screen === undefined ? {} : { screen }),
    ...(bandwidthBps === undefined ? {} : { bandwidthBps }),
    ...(quality === undefined ? {} : { quality }),
    ...(hdr === undefined ? {} : { hdr }),
  };
}
