// Playhead's films are HLS, and dash.js reads DASH: this lists the same fragmented-MP4 segments in a DASH manifest
// (ISO/IEC 23009-1). A page of your own has its manifest's address, and needs none of this.

/**
 * @param {string} url a master playlist
 * @returns {Promise<string>} the address of a manifest
 */
export async function dashManifest(url) {
  const master = new URL(url, location.href);
  const text = await (await fetch(master)).text();
  const sets = { video: [], audio: [] };
  let seconds = 0;
  for (const [, attributes, uri] of text.matchAll(/#EXT-X-STREAM-INF:(.*)\n(.+)/g)) {
    const [width, height] = valueOf(attributes, "RESOLUTION").split("x");
    const [video, audio] = valueOf(attributes, "CODECS").split(",");
    const segments = await segmentsOf(new URL(uri, master));
    seconds = segments.seconds;
    sets.video.push(
      `<Representation id="${sets.video.length}" codecs="${video}" width="${width}" height="${height}"
        bandwidth="${valueOf(attributes, "BANDWIDTH")}">${segments.template}</Representation>`,
    );
    const sound = /#EXT-X-MEDIA:(?=.*TYPE=AUDIO).*URI="([^"]+)"/.exec(text)?.[1];
    if (!sound || sets.audio.length > 0) continue;
    const { template } = await segmentsOf(new URL(sound, master));
    sets.audio.push(`<Representation id="sound" codecs="${audio}" bandwidth="128000">${template}</Representation>`);
  }
  const adaptations = Object.entries(sets)
    .filter(([, representations]) => representations.length > 0)
    .map(
      ([kind, list]) => `<AdaptationSet contentType="${kind}" mimeType="${kind}/mp4">${list.join("")}</AdaptationSet>`,
    );
  const manifest = `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" minBufferTime="PT2S"
    profiles="urn:mpeg:dash:profile:isoff-live:2011" mediaPresentationDuration="PT${seconds}S">
    <Period>${adaptations.join("")}</Period></MPD>`;
  return URL.createObjectURL(new Blob([manifest], { type: "application/dash+xml" }));
}

/** The segments of a media playlist, which are numbered from 0, as a SegmentTemplate. */
async function segmentsOf(url) {
  const text = await (await fetch(url)).text();
  const base = new URL(".", url).href;
  const init = /#EXT-X-MAP:URI="([^"]+)"/.exec(text)[1];
  const durations = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, duration]) => Number(duration));
  const timeline = durations.map((duration) => `<S d="${Math.round(duration * 1e6)}"/>`).join("");
  return {
    seconds: durations.reduce((sum, duration) => sum + duration, 0),
    template: `<SegmentTemplate timescale="1000000" startNumber="0" initialization="${base}${init}"
      media="${base}$Number$.m4s"><SegmentTimeline>${timeline}</SegmentTimeline></SegmentTemplate>`,
  };
}

const valueOf = (attributes, name) =>
  new RegExp(`(?:^|,)${name}=(?:"([^"]*)"|([^,]*))`).exec(attributes)?.slice(1).find(Boolean) ?? "";
