"use strict";
// Recomputes this file. It reads nothing but this page, and sends nothing anywhere.
(async () => {
  const of = (id) => document.getElementById(id);
  const said = JSON.parse(of("said").textContent);
  const fill = (key, values = {}) => said[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const verdict = of("verdict"), short = of("short");
  const show = (kind, lines) => {
    verdict.className = "verdict " + kind;
    verdict.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    short.className = "verdict " + kind;
    short.textContent = lines[0];
  };
  if (!(globalThis.crypto && crypto.subtle)) return show("", [said.cannot]);
  const encoder = new TextEncoder();
  const sha = async (bytes) =>
    Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (b) => b.toString(16).padStart(2, "0")).join("");
  // The digest of parts, each behind its length in eight bytes.
  const digest = (parts) => {
    const all = parts.map((part) => encoder.encode(part));
    const bytes = new Uint8Array(all.reduce((sum, part) => sum + 8 + part.length, 0));
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const part of all) {
      view.setBigUint64(at, BigInt(part.length));
      bytes.set(part, at + 8);
      at += 8 + part.length;
    }
    return sha(bytes);
  };
  const wrong = [];
  const flag = (element, line) => {
    wrong.push(line);
    if (!element.classList.contains("wrong")) {
      element.classList.add("wrong");
      element.prepend(Object.assign(document.createElement("p"), { className: "flag", textContent: said.mark }));
    }
  };
  const facts = JSON.parse(of("facts-of-page").textContent);
  // What is read, block by block. What is wrong is marked only after everything was read.
  const blocks = [...document.querySelectorAll("[data-digest]")];
  const changed = [];
  let read = "";
  for (const block of blocks) {
    const found = await sha(encoder.encode(block.textContent.replace(/[ \t\n\r\f]+/g, "")));
    if (found !== block.dataset.digest) changed.push(block);
    read = await digest([read, block.dataset.digest]);
  }
  for (const block of changed) flag(block, fill("wrong_text", { name: block.dataset.name }));
  // The events, one by one: each under its mark, and tied to the one before.
  const fields = ["seq", "complaint", "version", "at", "kind", "by", "via", "rule", "ruleset", "summary", "data",
    "source", "on_day", "personal_digest", "personal", "salt", "prev", "hash"];
  const islands = [...document.querySelectorAll("script[data-step]")];
  let mark = "", before = null, personal = 0, removed = 0, tied = 0, apart = 0;
  for (const [place, island] of islands.entries()) {
    const n = place + 1;
    let step;
    try {
      step = JSON.parse(island.textContent);
      step.link.hash.length;
    } catch {
      flag(island.parentElement, fill("wrong_step", { n }));
      before = null;
      continue;
    }
    const link = step.link;
    const found = await digest([mark, ...fields.map((field) => String(link[field] ?? ""))]);
    if (found !== step.mark || step.number !== n) flag(island.parentElement, fill("wrong_step", { n }));
    mark = step.mark;
    const kept = [link.salt, link.personal].filter((part) => typeof part === "string");
    if (kept.length > 0) {
      // One without the other was never written.
      const of_it = kept.length === 2 && await sha(encoder.encode(kept.join("")));
      if (of_it === link.personal_digest) personal += 1;
      else flag(island.parentElement, fill("wrong_personal", { n }));
    } else if (link.personal_digest !== "") removed += 1;
    if (before && link.seq === before.seq + 1) {
      if (link.prev === before.hash) tied += 1;
      else flag(island.parentElement, fill("wrong_link", { n }));
    } else if (before && link.seq > before.seq) apart += 1;
    else if (before) flag(island.parentElement, fill("wrong_link", { n }));
    before = link;
  }
  if (blocks.length !== facts.blocks || islands.length !== facts.steps) wrong.push(said.wrong_count);
  const number = await digest(["redress dossier 1", facts.reference, mark, read]);
  if (number !== facts.number || of("number").textContent.replace(/ /g, "") !== number) wrong.push(said.wrong_number);
  if (wrong.length > 0) return show("broken", [said.broken, ...wrong]);
  const lines = [said.holds, fill("texts", { n: blocks.length }), fill("steps", { n: islands.length }),
    fill("personal", { n: personal })];
  if (removed > 0) lines.push(fill("removed", { n: removed }));
  show("holds", [...lines, fill("links", { n: tied, m: apart })]);
})();
