import type { MediaInfo, Rendition } from "@playhead/hls";
import type { Input, InputAudioTrack, InputVideoTrack } from "mediabunny";

/**
 * The video track that a rendition copies. ffprobe counts all streams of a file and Mediabunny the tracks of a kind, so
 * they meet at the stream's place among its kind.
 */
export async function videoTrackOf(input: Input, info: MediaInfo, rendition: Rendition): Promise<InputVideoTrack> {
  const place = info.video.findIndex((stream) => stream.index === rendition.streamIndex);
  const track = (await input.getVideoTracks())[place];
  if (track === undefined) throw new Error(`The file has no video track for stream ${rendition.streamIndex}`);
  return track;
}

export async function audioTrackOf(input: Input, info: MediaInfo, rendition: Rendition): Promise<InputAudioTrack> {
  const place = info.audio.findIndex((stream) => stream.index === rendition.streamIndex);
  const track = (await input.getAudioTracks())[place];
  if (track === undefined) throw new Error(`The file has no audio track for stream ${rendition.streamIndex}`);
  return track;
}
