// What the example pages share, and your own page does not need: a film to play, and a line that shows the SDK at work.

/**
 * The first film of this Playhead's library that this browser plays in the way asked for.
 * @param {"hls" | "file"} form playlists, or the file itself
 * @returns {Promise<{ mediaId: string, url: string, hlsSessionId?: string }>}
 */
export async function film(form = "hls") {
  const { items } = await ask("/api/v1/library");
  for (const { id, status } of items) {
    if (status !== "ready") continue;
    const { codecs } = await ask(`/api/v1/media/${id}`);
    const supported = codecs.filter((codec) =>
      ["video", "audio"].some((kind) => window.MediaSource?.isTypeSupported(`${kind}/mp4; codecs="${codec}"`)),
    );
    const prefer = form === "hls" ? { prefer: "hls" } : {};
    const { delivery, url, hlsSessionId } = await ask("/api/v1/playback", { mediaId: id, supported, ...prefer });
    if (form === "hls" || delivery === "direct") return { mediaId: id, url, hlsSessionId };
  }
  throw say(form === "hls" ? "There is no film in the library yet." : "No film of the library plays as a file here.");
}

/** Shows what the SDK has recorded and the server has stored. */
export function watch(telemetry) {
  const line = document.querySelector("output");
  setInterval(() => {
    const { viewId, state, recorded, stored, queued } = telemetry.stats();
    line.innerHTML = `${state}: ${recorded} events recorded, ${stored} stored, ${queued} waiting.
      <a href="/dashboard/views/${viewId}">This view on the dashboard</a>`;
  }, 500);
}

async function ask(path, body) {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, body && init);
  if (response.status === 401)
    throw say("You are not signed in: open the link that `npm start` printed, then come back.");
  if (!response.ok) throw say(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

function say(problem) {
  document.querySelector("output").textContent = problem;
  return new Error(problem);
}
