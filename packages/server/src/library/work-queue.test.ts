import { expect, it } from "vitest";
import { WorkQueue } from "./work-queue.js";

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

it("runs no more jobs at once than it may, in order", async () => {
  const queue = new WorkQueue(2);
  const began: string[] = [];
  const gates = new Map(["a", "b", "c"].map((key) => [key, gate()]));
  for (const [key, { opened }] of gates) {
    queue.add(key, async () => {
      began.push(key);
      await opened;
    });
  }
  expect(began).toEqual(["a", "b"]);
  expect(queue.progress).toEqual({ done: 0, total: 3 });
  gates.get("b")?.open();
  await gates.get("b")?.opened;
  await Promise.resolve();
  for (const { open } of gates.values()) open();
  await queue.idle();
  expect(began).toEqual(["a", "b", "c"]);
  expect(queue.progress).toBeNull();
});

it("runs a waiting key once, and a running key once more", async () => {
  const queue = new WorkQueue(1);
  const ran: string[] = [];
  const { open, opened } = gate();
  queue.add("running", async () => {
    ran.push("first");
    await opened;
  });
  queue.add("running", async () => void ran.push("again"));
  queue.add("waiting", async () => void ran.push("waiting"));
  queue.add("waiting", async () => void ran.push("never"));
  open();
  await queue.idle();
  expect(ran.toSorted()).toEqual(["again", "first", "waiting"]);
});

it("drops what waits when it closes, and waits for what runs", async () => {
  const queue = new WorkQueue(1);
  const { open, opened } = gate();
  const ran: string[] = [];
  queue.add("a", async () => {
    await opened;
    ran.push("a");
  });
  queue.add("b", async () => void ran.push("b"));
  const closed = queue.close();
  queue.add("c", async () => void ran.push("c"));
  open();
  await closed;
  expect(ran).toEqual(["a"]);
});
