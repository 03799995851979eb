import type { PlaybackPlan } from "@playhead/hls";
import { beforeEach, describe, expect, it } from "vitest";
import type { MediaItem } from "../../library/media-item.js";
import { SessionRegistry } from "./session-registry.js";

const item: MediaItem = {
  id: "film",
  path: "film.mkv",
  absolutePath: "/media/film.mkv",
  sizeBytes: 1,
  mtimeMs: 1,
  fileId: "f1",
  title: "Film",
  series: null,
  season: null,
  episode: null,
  year: null,
  status: "ready",
  error: null,
  addedAt: 0,
  info: null,
  hasPoster: false,
  sideSubtitles: [],
};
const plan = (version: string): PlaybackPlan => ({
  delivery: "copy",
  reasons: [],
  video: [],
  subtitles: [],
  audio: [
    {
      kind: "audio",
      mode: "copy",
      id: "a0",
      streamIndex: 0,
      codecString: "mp4a.40.2",
      bandwidthBps: 1,
      reason: "",
      channels: 2,
      language: null,
      name: "Sound",
      isDefault: true,
      plan: { version, boundaries: [0, 1] },
    },
  ],
});

let time = 0;
let events: string[] = [];
let registry: SessionRegistry;
const open = (userId = "ann", version = "1") =>
  registry.open({ item, userId, plan: plan(version), delivery: "copy", positionMs: 0, isWarmUp: false });

beforeEach(() => {
  time = 1000;
  events = [];
  registry = new SessionRegistry({
    idleTimeoutMs: 120_000,
    now: () => time,
    onLinger: () => events.push("linger"),
    onEnd: (_, reason) => events.push(`end ${reason}`),
  });
});

describe("SessionRegistry", () => {
  it("gives a user the same session for the same film and plan, and another for another plan or user", () => {
    const { session, isNew } = open();
    expect(isNew).toBe(true);
    expect(open()).toEqual({ session, isNew: false });
    expect(open("ann", "2").session.id).not.toBe(session.id);
    expect(open("bob").session.id).not.toBe(session.id);
  });

  it("tells another user's session and an unknown one alike: not found", () => {
    const { session } = open();
    expect(() => registry.use(session.id, "bob")).toThrow(expect.objectContaining({ code: "session_not_found" }));
    expect(() => registry.use("nothing", "ann")).toThrow(expect.objectContaining({ code: "session_not_found" }));
  });

  it("ends a silent session after the idle timeout; its user is told so, others still know nothing", () => {
    const { session } = open();
    registry.use(session.id, "ann");
    time += 60_000;
    registry.sweep();
    expect([session.state, events]).toEqual(["lingering", ["linger"]]);
    time += 60_000;
    registry.sweep();
    expect([session.state, events]).toEqual(["ended", ["linger", "end idle"]]);
    expect(() => registry.use(session.id, "ann")).toThrow(expect.objectContaining({ code: "session_ended" }));
    expect(() => registry.use(session.id, "bob")).toThrow(expect.objectContaining({ code: "session_not_found" }));
    expect(open().isNew).toBe(true);
  });

  it("keeps a session that asks, also from its lingering", () => {
    const { session } = open();
    registry.use(session.id, "ann");
    for (let i = 0; i < 5; i++) {
      time += 100_000;
      registry.sweep();
      registry.use(session.id, "ann");
      expect(session.state).toBe("active");
    }
    expect(events).toEqual(Array(5).fill("linger"));
  });

  it("never ends a session while it is being answered", () => {
    const { session } = open();
    session.inFlight = 1;
    time += 1_000_000;
    registry.sweep();
    expect(session.state).toBe("warming");
  });

  it("ends all at shutdown, each once", () => {
    const { session } = open();
    open("bob");
    registry.stop();
    registry.end(session, "client");
    expect(events).toEqual(["end shutdown", "end shutdown"]);
    expect(registry.size).toBe(0);
  });
});
