import { readMaster, readRungs } from "./playlist.js";
import type { RunningService } from "./service.js";

/**
 * The same segments for players of DASH, which read no HLS: a static MPD (ISO 23009-1) of an HLS session's video rungs
 * and first sound, as a `data:` URL.
 */
export async function mpdOf(service: RunningService, master: URL): Promise<string> {
  const text = await (await service.fetch(master.pathname)).text();
  const streams = [...text.matchAll(/#EXT-X-STREAM-INF:(.*)\n/g)].map(([, attributes = ""]) => attributes);
  const of = (attributes: string, name: string) => new RegExp(`(?:^|,)${name}=(?:"([^"]*)"|([^,]*))`).exec(attributes);
  const value = (attributes: string, name: string) => of(attributes, name)?.slice(1).find(Boolean) ?? "";
  const rungs = await readRungs(service, master);
  const sound = (await readMaster(service, master)).find(({ kind }) => kind === "audio");
  if (!sound) throw new Error("The film has no sound");
  const template = ({ url, segments }: { url: URL; segments: readonly { durationS: number }[] }) => {
    const times = segments.map(({ durationS }) => `<S d="${Math.round(durationS * 1e6)}"/>`).join("");
    const base = new URL(".", url).pathname;
    return `<SegmentTemplate timescale="1000000" startNumber="0" initialization="${base}init.mp4" media="${base}$Number$.m4s">
      <SegmentTimeline>${times}</SegmentTimeline></SegmentTemplate>`;
  };
  const codecs = (attributes: string, sign: RegExp) =>
    value(attributes, "CODECS")
      .split(",")
      .find((codec) => sign.test(codec)) ?? "";
  const video = rungs.map((rung, i) => {
    const attributes = streams[i] ?? "";
    const [width, height] = value(attributes, "RESOLUTION").split("x");
    return `<Representation id="v${i}" bandwidth="${value(attributes, "BANDWIDTH")}" width="${width}" height="${height}"
      codecs="${codecs(attributes, /avc/)}">${template(rung)}</Representation>`;
  });
  const seconds = sound.segments.reduce((sum, { durationS }) => sum + durationS, 0);
  const mpd = `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" minBufferTime="PT1S"
    profiles="urn:mpeg:dash:profile:isoff-live:2011" mediaPresentationDuration="PT${seconds}S"><BaseURL>${service.origin}</BaseURL><Period>
    <AdaptationSet contentType="video" mimeType="video/mp4">${video.join("")}</AdaptationSet>
    <AdaptationSet contentType="audio" mimeType="audio/mp4"><Representation id="a" bandwidth="128000"
      codecs="${codecs(streams[0] ?? "", /mp4a/)}" audioSamplingRate="48000">${template(sound)}</Representation></AdaptationSet>
    </Period></MPD>`;
  return `data:application/dash+xml;base64,${Buffer.from(mpd).toString("base64")}`;
}
