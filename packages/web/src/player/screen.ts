/** The video element of the player page: made by the page itself, or before it, where the film is made ready for Play. */
export function createScreen(): HTMLVideoElement {
  const video = document.createElement("video");
  video.slot = "media";
  video.playsInline = true;
  video.crossOrigin = "anonymous";
  video.preload = "auto";
  return video;
}
