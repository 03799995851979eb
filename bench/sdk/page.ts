/** The page that every SDK gets: a video, hls.js, and how to begin. It is driven through `window.bench`. */
export const benchPage = `<!doctype html><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,">
<body><div><video id="v" width="640" height="360" muted playsinline></video></div>
<script src="/hls.js"></script>
<script>
const video = document.getElementById("v");
const bench = (window.bench = { video, trace: [], problems: [] });
addEventListener("error", (e) => bench.problems.push(e.message));
/** Resolves with the time to the first frame, ms. */
bench.start = (before, attach, settings) => new Promise((resolve, reject) => {
  const config = { maxBufferLength: 30, startLevel: 0, ...settings };
  new Function("video", "config", before)(video, config);
  const startedAt = performance.now();
  const hls = (bench.hls = new Hls(config));
  new Function("video", "hls", attach)(video, hls);
  video.requestVideoFrameCallback((now) => resolve(now - startedAt));
  hls.loadSource("/master.m3u8");
  hls.attachMedia(video);
  video.play().catch(reject);
});
/** A witness: the playhead at every frame. */
bench.watch = () => {
  bench.trace.push([performance.now(), video.currentTime]);
  requestAnimationFrame(bench.watch);
};
bench.played = (to) => new Promise((resolve) => {
  const check = () => (video.currentTime >= to ? resolve(video.currentTime) : setTimeout(check, 50));
  check();
});
</script>`;
