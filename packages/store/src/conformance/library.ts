import { createHash, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { MediaRecord } from "../library-store.js";
import type { LibraryStore } from "../store.js";
import { start } from "./samples.js";

/** What every store of the library keeps to. */
export function describeLibrary(store: () => LibraryStore): void {
  const token = (text: string) => new Uint8Array(createHash("sha256").update(text).digest());
  const newUser = (name: string) => store().users.put({ name, admin: false, tokenSha256: token(name) });

  function record(more: Partial<MediaRecord> = {}): MediaRecord {
    const id = randomUUID();
    return {
      id,
      path: `films/${id}.mkv`,
      sizeBytes: 5_000_000_000,
      mtimeMs: 1_765_837_003_411.25,
      title: "A film",
      status: "ready",
      error: null,
      durationMs: 5_400_123.4,
      probe: { streams: [{ codec: "h264", tags: { title: 'It\'s\u0000 "odd" 🎬' } }], keyframesMs: [0, 41.708, 2_000] },
      addedAt: start,
      ...more,
    };
  }
  const find = async (id: string) => (await store().media.all()).find((one) => one.id === id);

  describe("media", () => {
    it("gives back a record exactly as it was put", async () => {
      const ready = record();
      const broken = record({
        path: `a b/"quoted"'s\n日本 ${randomUUID()}.avi`,
        status: "error",
        error: "no video stream",
        durationMs: null,
        probe: null,
      });
      await store().media.put(ready);
      await store().media.put(broken);
      expect(await find(ready.id)).toStrictEqual(ready);
      expect(await find(broken.id)).toStrictEqual(broken);
    });

    it("replaces a record by its id, and another file's record by its path", async () => {
      const first = record();
      await store().media.put(first);
      await store().media.put({ ...first, status: "pending", title: "Renamed" });
      expect((await find(first.id))?.title).toBe("Renamed");
      const successor = record({ path: first.path });
      await store().media.put(successor);
      expect(await find(first.id)).toBeUndefined();
      expect(await find(successor.id)).toStrictEqual(successor);
    });

    it("forgets what is removed, and nothing else", async () => {
      const [gone, kept] = [record(), record()];
      await store().media.put(gone);
      await store().media.put(kept);
      await store().media.remove([gone.id, randomUUID()]);
      await store().media.remove([]);
      expect(await find(gone.id)).toBeUndefined();
      expect(await find(kept.id)).toStrictEqual(kept);
    });
  });

  describe("users", () => {
    it("creates a user, and finds it by id and by token", async () => {
      const name = `anna-${randomUUID()}`;
      const user = await store().users.put({ name, admin: true, tokenSha256: token(name) });
      expect(user).toMatchObject({ name, admin: true });
      expect(await store().users.byId(user.id)).toEqual(user);
      expect(await store().users.byTokenSha256(token(name))).toEqual(user);
      expect(await store().users.all()).toContainEqual(user);
      expect(await store().users.tokenSha256Of(user.id)).toEqual(token(name));
    });

    it("gives a user of that name a new token and takes the old one away", async () => {
      const name = `bert-${randomUUID()}`;
      const before = await newUser(name);
      const after = await store().users.put({ name, admin: true, tokenSha256: token(`${name}-2`) });
      expect(after).toEqual({ ...before, admin: true });
      expect(await store().users.byTokenSha256(token(name))).toBeUndefined();
      expect(await store().users.byTokenSha256(token(`${name}-2`))).toEqual(after);
      expect(await store().users.tokenSha256Of(after.id)).toEqual(token(`${name}-2`));
    });

    it("knows nobody by a wrong id or token", async () => {
      expect(await store().users.byId(randomUUID())).toBeUndefined();
      expect(await store().users.byId("\0")).toBeUndefined();
      expect(await store().users.tokenSha256Of(randomUUID())).toBeUndefined();
      expect(await store().users.tokenSha256Of("\0")).toBeUndefined();
      expect(await store().users.byTokenSha256(token(randomUUID()))).toBeUndefined();
      expect(await store().users.byTokenSha256(new Uint8Array())).toBeUndefined();
    });
  });

  describe("progress", () => {
    it("keeps one place for each user and file, the last that was put", async () => {
      const [anna, bert] = [await newUser(randomUUID()), await newUser(randomUUID())];
      const place = (positionMs: number) => ({ positionMs, durationMs: 5_400_000, updatedAt: start + positionMs });
      await store().progress.put(anna.id, "film", place(1_000));
      await store().progress.put(anna.id, "film", place(2_000));
      await store().progress.put(anna.id, "other", { positionMs: 0, durationMs: null, updatedAt: start });
      await store().progress.put(bert.id, "film", place(3_000));
      expect(await store().progress.get(anna.id, "film")).toStrictEqual(place(2_000));
      expect(await store().progress.get(bert.id, "other")).toBeUndefined();
      expect(Object.fromEntries(await store().progress.all(anna.id))).toStrictEqual({
        film: place(2_000),
        other: { positionMs: 0, durationMs: null, updatedAt: start },
      });
    });

    it("keeps the place of a file that was removed: it may come back", async () => {
      const user = await newUser(randomUUID());
      const film = record();
      await store().media.put(film);
      await store().progress.put(user.id, film.id, { positionMs: 7, durationMs: null, updatedAt: start });
      await store().media.remove([film.id]);
      expect(await store().progress.get(user.id, film.id)).toMatchObject({ positionMs: 7 });
    });
  });
}
