/**
 * The test page: a video, hls.js, the SDK, and a witness that measures the same things by itself, from the position of
 * the playhead at every frame. It is a string of plain browser script; tests drive it through `window.bed`.
 */
export const testPage = `<!doctype html><meta charset="utf-8"><title>SDK</title><link rel="icon" href="data:,">
<body><button id="play">play</button><div><video id="v" width="320" height="180" playsinline></video></div>
<script src="/hls.js"></script><script src="/sdk.js"></script>
<script>
const video = document.getElementById("v");
const bed = (window.bed = { attach: Playhead.attach, video, trace: [], seen: [], clickedAt: 0, errors: [] });
addEventListener("error", (e) => bed.errors.push(e.message));
addEventListener("unhandledrejection", (e) => bed.errors.push(String(e.reason)));
for (const type of ["play", "playing", "pause", "waiting", "seeking", "seeked", "ended", "error"])
  video.addEventListener(type, () => bed.seen.push({ type, at: performance.now(), position: video.currentTime }));
video.requestVideoFrameCallback((now, frame) => (bed.frame = { now, shown: frame.presentationTime, expected: frame.expectedDisplayTime, media: frame.mediaTime }));
const look = () => { bed.trace.push([performance.now(), video.currentTime]); requestAnimationFrame(look); };
requestAnimationFrame(look);
bed.open = (options, hlsConfig) => {
  if (hlsConfig !== null) bed.hls = new Hls({ maxBufferLength: 30, startLevel: 0, ...hlsConfig });
  bed.handle = Playhead.attach(video, { mediaId: "film", player: { name: "hls.js", version: Hls.version }, ...(bed.hls ? { engine: bed.hls } : {}), ...options });
};
bed.load = () => {
  if (bed.hls) { bed.hls.loadSource("/media/master.m3u8"); bed.hls.attachMedia(video); } else video.src = "/media/film.mp4";
};
document.getElementById("play").addEventListener("click", (e) => {
  bed.clickedAt = e.timeStamp;
  bed.handle.playRequested(e.timeStamp);
  bed.load();
  video.play().catch((error) => bed.errors.push(String(error)));
});
bed.on = (type) => new Promise((resolve) => video.addEventListener(type, resolve, { once: true }));
bed.hlsEvent = (name) => new Promise((resolve) => bed.hls.once(name, () => resolve()));
/** Resolves when the playhead has moved on by so many seconds from here. */
bed.played = (seconds) => new Promise((resolve) => {
  const from = video.currentTime;
  const check = () => (video.currentTime >= from + seconds ? resolve() : requestAnimationFrame(check));
  check();
});
</script>`;
