import assert from "node:assert/strict";
import { test } from "node:test";
import { completions, explanation, filled, mistakes, moved, outline } from "../src/answers.js";
import { ask } from "../src/asking.js";
import { Checker } from "../src/checker.js";
import { said } from "../src/said.js";

const answer = (status, body, type = "application/json") => async () => new Response(body, { status, headers: { "content-type": type } });
const kind = async (fetch) => (await ask("/x", { text: "a" }, { fetch })).kind;

test("what the server answers, and what it does not", async () => {
  assert.deepEqual(await ask("/x", {}, { fetch: answer(200, '{"a":1}') }), { kind: "answered", value: { a: 1 } });
  assert.equal(await kind(answer(401, "{}")), "session");
  assert.equal(await kind(answer(303, null)), "session");
  assert.equal(await kind(async () => ({ type: "opaqueredirect", status: 0 })), "session");
  assert.equal(await kind(answer(200, "<!doctype html>", "text/html; charset=utf-8")), "session");
  assert.equal(await kind(answer(413, "{}")), "long");
  for (const status of [400, 404, 429, 500, 503]) assert.equal(await kind(answer(status, "{}")), "gone", status);
  assert.equal(await kind(answer(200, "{")), "gone");
  assert.equal(await kind(async () => Promise.reject(new TypeError("no network"))), "gone");
});

test("what takes too long is gone, what was given up is dropped", async () => {
  const never = (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  assert.equal((await ask("/x", {}, { fetch: never, patience: 1 })).kind, "gone");
  const leaving = new AbortController();
  const asked = ask("/x", {}, { fetch: never, signal: leaving.signal });
  leaving.abort();
  assert.equal((await asked).kind, "dropped");
});

/** A clock that stands still until it is moved. */
class Clock {
  now = 0;
  waiting = new Map();
  next = 1;
  setTimeout(call, delay) {
    this.waiting.set(this.next, { call, at: this.now + delay });
    return this.next++;
  }
  clearTimeout(id) {
    this.waiting.delete(id);
  }
  async pass(milliseconds) {
    this.now += milliseconds;
    for (const [id, { call, at }] of [...this.waiting]) {
      if (at > this.now) continue;
      this.waiting.delete(id);
      call();
    }
    await new Promise((done) => setImmediate(done));
  }
}

function checking() {
  const clock = new Clock();
  const all = { clock, asked: [], shown: [], failed: [] };
  const wait = () => new Promise((done) => all.asked.push(done));
  all.checker = new Checker({ ask: wait, show: (v) => all.shown.push(v), fail: (k) => all.failed.push(k), clock });
  all.answer = async (outcome) => {
    all.asked.at(-1)(outcome);
    await clock.pass(0);
  };
  return all;
}

test("a text is checked once it has not changed for a moment", async () => {
  const { checker, clock, asked, shown, answer } = checking();
  for (let i = 0; i < 5; i += 1) {
    checker.changed();
    await clock.pass(299);
  }
  assert.equal(asked.length, 0);
  await clock.pass(1);
  assert.equal(asked.length, 1);
  await answer({ kind: "answered", value: 1 });
  assert.deepEqual(shown, [1]);
  await clock.pass(1_000_000);
  assert.equal(asked.length, 1);
});

test("one check is under way at a time, and an answer about an earlier text is none", async () => {
  const { checker, clock, asked, shown, answer } = checking();
  checker.changed();
  await clock.pass(300);
  checker.changed();
  await clock.pass(300);
  assert.equal(asked.length, 1);
  await answer({ kind: "answered", value: "early" });
  assert.deepEqual(shown, []);
  await clock.pass(0);
  assert.equal(asked.length, 2);
  await answer({ kind: "answered", value: "late" });
  assert.deepEqual(shown, ["late"]);
});

test("an answer that comes while somebody types is dropped, and the pause is waited for", async () => {
  const { checker, clock, asked, shown, answer } = checking();
  checker.changed();
  await clock.pass(300);
  checker.changed();
  await answer({ kind: "answered", value: "early" });
  await clock.pass(299);
  assert.deepEqual([asked.length, shown.length], [1, 0]);
  await clock.pass(1);
  assert.equal(asked.length, 2);
});

test("where there is no answer it is asked again, ever less often, and at once when the person comes back", async () => {
  const { checker, clock, asked, failed, shown, answer } = checking();
  checker.changed();
  await clock.pass(300);
  await answer({ kind: "gone" });
  assert.deepEqual(failed, ["gone"]);
  await clock.pass(2000);
  assert.equal(asked.length, 2);
  await answer({ kind: "session" });
  await clock.pass(3999);
  assert.equal(asked.length, 2);
  checker.again();
  await clock.pass(0);
  assert.equal(asked.length, 3);
  await answer({ kind: "answered", value: "there" });
  assert.deepEqual(shown, ["there"]);
  checker.again();
  await clock.pass(0);
  assert.equal(asked.length, 3);
});

test("a text that is too long is not asked about again before it changes", async () => {
  const { checker, clock, asked, answer } = checking();
  checker.changed();
  await clock.pass(300);
  await answer({ kind: "long" });
  await clock.pass(1_000_000);
  assert.equal(asked.length, 1);
});

test("places outside the text and things of another kind are made fit", () => {
  for (const odd of [null, 1, "x", [], {}, { diagnostics: 1 }, { diagnostics: {} }]) assert.deepEqual(mistakes(odd, 5), []);
  const [one] = mistakes({ diagnostics: [{ from: -3, to: 99, message: 7, severity: "x", fix: { changes: [] } }] }, 5);
  assert.deepEqual(one, { from: 0, to: 5, severity: "error", code: "", message: "", help: "", fix: null });
  const [backward] = mistakes({ diagnostics: [{ from: 4, to: 1 }] }, 5);
  assert.deepEqual([backward.from, backward.to], [4, 4]);
  const overlap = { changes: [{ from: 0, to: 3, insert: "" }, { from: 2, to: 4, insert: "" }] };
  assert.equal(mistakes({ diagnostics: [{ from: 0, to: 1, fix: overlap }] }, 5)[0].fix, null);
  assert.equal(mistakes({ diagnostics: Array(900).fill({}) }, 5).length, 500);
});

test("what may follow, in the order told", () => {
  assert.equal(completions({ from: 0, items: [{ label: "" }, null, 3] }, 4), null);
  const found = completions({ from: 99, items: [{ label: "b", kind: "Field" }, { label: "a", insert: "a()" }] }, 4);
  assert.equal(found.from, 4);
  assert.deepEqual(found.options.map((o) => [o.label, o.apply, o.boost]), [["b", "b", 99], ["a", "a()", 98]]);
});

test("an explanation is words or nothing", () => {
  for (const odd of [null, {}, { markdown_free_text: " " }, { markdown_free_text: 3 }]) assert.equal(explanation(odd, 3), null);
  assert.deepEqual(explanation({ from: 1, to: 9, markdown_free_text: "<b>" }, 3), { from: 1, to: 3, words: "<b>" });
});

test("mistakes move along, and a fix of what was changed is none any more", () => {
  const one = { from: 4, to: 6, fix: { label: "x", changes: [{ from: 4, to: 6, insert: "yy" }] } };
  const shift = { mapPos: (p) => p + 2, touchesRange: () => false };
  const [after] = moved([one], shift);
  assert.deepEqual([after.from, after.to, after.fix.changes[0].from], [6, 8, 6]);
  const [broken] = moved([one], { ...shift, touchesRange: () => true });
  assert.equal(broken.fix, null);
  assert.equal(moved([{ from: 0, to: 0, fix: null }], shift)[0].fix, null);
});

test("words come from the page, and are never missing", () => {
  const { words, phrases } = said({ sayFix: "Herstel", sayFind: "Zoeken", sayHint: "" });
  assert.equal(words.fix, "Herstel");
  assert.equal(phrases.Find, "Zoeken");
  assert.ok(words.hint.length > 0 && phrases.replace === "replace");
  assert.equal(filled("{a} van {b} {c}", { a: 1, b: "2" }), "1 van 2 {c}");
});

test("an outline is of names on lines, whatever the answer holds", () => {
  const good = { name: "Een <b>naam</b>", what: "rule", line: 3 };
  const bad = [null, 7, {}, { name: "", line: 1 }, { name: "x", line: 0 }, { name: "x", line: "1" }, { name: ["x"], line: 1 }];
  assert.deepEqual(outline({ outline: [...bad, { ...good, more: 1 }] }), [good]);
  for (const answer of [null, {}, { outline: "x" }, { outline: { length: 3 } }]) assert.deepEqual(outline(answer), []);
});
