import assert from "node:assert/strict";
import test from "node:test";

import { Engine } from "../../../dashboard/components/queue/scripts/engine.js";

const card = (item, version = 1) => ({ item, version, comment: item, text_hash: "h", text: "t" });
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

// A server that can be switched off, and that may lose its answers.
class Server {
  constructor(...items) {
    this.cards = new Map(items.map((item) => [item, card(item)]));
    this.stored = new Map();
    this.up = true;
    this.answers = true;
    this.status = null;
    this.calls = [];
    this.post = async (path, message) => {
      this.calls.push(path);
      await settle();
      if (this.status) throw Object.assign(new Error("refused"), { status: this.status });
      if (!this.up) throw Object.assign(new Error("down"), { status: 0 });
      const answer = path === "/desk/next" ? { cards: [...this.cards.values()], counts: { pending: this.cards.size } } : this.decide(message);
      if (!this.answers) throw Object.assign(new Error("lost"), { status: 0 });
      return answer;
    };
  }

  decide(entries) {
    const results = entries.map(({ uid, item, version, kind }) => {
      const again = this.stored.has(uid);
      if (!again) this.stored.set(uid, [item, kind]);
      this.cards.delete(item);
      return { uid, status: again ? "repeated" : "applied", verdict: this.stored.size, item, version: version + 1 };
    });
    return { results };
  }
}

function memory() {
  const values = new Map();
  return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value) };
}

async function open(server, storage = memory()) {
  let number = 0;
  const engine = new Engine({ user: "ana", post: server.post, storage, uuid: () => `${storage.run ?? ""}u${(number += 1)}` });
  await engine.start({});
  return engine;
}

async function until(holds) {
  for (let tries = 0; tries < 400 && !holds(); tries += 1) await settle();
  assert.ok(holds());
}

test("each press is stored once, on its own comment", async () => {
  const server = new Server(1, 2, 3, 4, 5);
  const engine = await open(server);
  for (let press = 0; press < 5; press += 1) engine.decide("approve");
  await until(() => engine.state.outbox.length === 0);
  assert.deepEqual([...server.stored.values()].map(([item]) => item), [1, 2, 3, 4, 5]);
  engine.stop();
});

test("a server that goes away and comes back gets every decision once, though its answers were lost", async () => {
  const server = new Server(1, 2, 3);
  const engine = await open(server);
  server.answers = false;
  engine.decide("approve");
  await until(() => engine.link === "lost");
  server.up = false;
  engine.decide("skip");
  assert.equal(engine.state.outbox.length, 2);
  Object.assign(server, { up: true, answers: true });
  await engine.retry();
  await until(() => engine.state.outbox.length === 0);
  assert.deepEqual([...server.stored.values()], [[1, "approve"], [2, "skip"]]);
  assert.equal(engine.link, "ok");
  engine.stop();
});

test("a reload sends what was left", async () => {
  const server = new Server(1, 2);
  const storage = memory();
  const before = await open(server, storage);
  server.up = false;
  before.decide("approve");
  await until(() => before.link === "lost");
  before.stop();
  server.up = true;
  const after = await open(server, storage);
  await until(() => after.state.outbox.length === 0);
  assert.deepEqual([...server.stored.values()], [[1, "approve"]]);
  assert.deepEqual(after.state.cards.map((one) => one.item), [2]);
  after.stop();
});

test("whoever is logged out loses nothing, and goes on after logging in", async () => {
  const server = new Server(1, 2);
  const engine = await open(server);
  server.status = 401;
  engine.decide("approve");
  await until(() => engine.link === "login");
  assert.equal(engine.state.outbox.length, 1);
  server.status = null;
  await engine.retry();
  await until(() => engine.state.outbox.length === 0);
  engine.stop();
});

test("what the server can't read is given up with a notice, and blocks nothing", async () => {
  const server = new Server(1, 2);
  const engine = await open(server);
  server.status = 400;
  engine.decide("approve");
  await until(() => engine.state.outbox.length === 0);
  assert.match(engine.state.notice, /Not saved/);
  engine.stop();
});

test("storage that is full or spoiled is no obstacle", async () => {
  const spoiled = { getItem: () => "{", setItem: () => { throw new Error("full"); } };
  const engine = await open(new Server(1), spoiled);
  engine.decide("approve");
  await until(() => engine.state.outbox.length === 0);
  engine.stop();
});
