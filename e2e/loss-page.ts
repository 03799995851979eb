/**
 * A page with `?players=` small players, each watched by the SDK as it is published. What they record is noted under its id
 * in the page's local storage, synchronously and before the SDK sees to it: so it is known also of a tab that was closed in
 * the next moment. `?seed=` decides what the viewers do, `?patience=` whether the SDK gives up soon (`little`).
 */
export const lossPage = `<!doctype html><meta charset="utf-8"><title>Loss</title><link rel="icon" href="data:,">
<body><script src="/sdk.js"></script>
<script>
const query = new URLSearchParams(location.search);
let state = Number(query.get("seed"));
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
window.handles = [];
for (let i = 0; i < Number(query.get("players")); i++) {
  const video = document.createElement("video");
  Object.assign(video, { width: 64, height: 36, muted: true, playsInline: true });
  document.body.append(video);
  const handle = Playhead.attach(video, {
    key: query.get("key"),
    mediaId: query.get("patience"),
    maxRetries: query.get("patience") === "little" ? 1 : 50,
    batchMs: 500,
    heartbeatMs: 300,
    beforeSend(event) {
      localStorage.setItem("event " + event.id, query.get("patience"));
      return event;
    },
  });
  handles.push(handle);
  const act = () => {
    const chance = random();
    if (chance < 0.3) video.currentTime = random() * 3;
    else if (chance < 0.5) video.pause();
    else if (chance < 0.9) video.play().catch(() => {});
    else handle.custom("act", { chance });
    setTimeout(act, 100 + random() * 900);
  };
  setTimeout(() => {
    handle.playRequested();
    video.src = "/film.mp4";
    video.play().catch(() => {});
    setTimeout(act, 300 + random() * 700);
  }, random() * 500);
}
</script>`;
