import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { message } from "../src/message.js";
import { rhai } from "../src/rhai.js";
import { toml } from "../src/toml.js";
import { of, read } from "./support/stream.js";

const rules = join(import.meta.dirname, "../../../rules");
const files = (folder, end) => readdirSync(join(rules, folder)).filter((n) => n.endsWith(end)).map((n) => join(rules, folder, n));

test("a rule is read in its parts", () => {
  const text = 'rule "Naam" for complaint.measures when armed("info") && now >= due("info") - NUDGE // dus\n  every days(1) then { notify("handler", `x ${a(1)} y`); }';
  assert.deepEqual(of(rhai, text, "keyword.strong"), ["rule"]);
  assert.deepEqual(of(rhai, text, "keyword"), ["for", "when", "every", "then"]);
  assert.deepEqual(of(rhai, text, "variableName.function"), ["armed", "due", "days", "notify", "a"]);
  assert.deepEqual(of(rhai, text, "variableName.constant"), ["NUDGE"]);
  assert.deepEqual(of(rhai, text, "comment"), ["// dus"]);
  assert.deepEqual(of(rhai, text, "propertyName"), ["measures"]);
  assert.deepEqual(of(rhai, text, "string"), ['"Naam"', '"info"', '"info"', '"handler"', "`x ", " y`"]);
});

test("a word after a dot or as a key is none of the language", () => {
  assert.deepEqual(of(rhai, "complaint.when; #{ action: 1, by : 2 }", "keyword"), ["by"]);
  assert.deepEqual(of(rhai, "complaint.rule.for()", "keyword.strong"), []);
  assert.deepEqual(of(rhai, "complaint.list.some(1)", "propertyName.function"), ["some"]);
});

test("texts within texts, and braces within these", () => {
  const text = 'let a = `x ${b + `y ${#{c: "d"}.c} z`} "no" ${e}`; rule';
  assert.deepEqual(of(rhai, text, "string"), ["`x ", "`y ", '"d"', " z`", ' "no" ', "`"]);
  assert.deepEqual(of(rhai, text, "keyword.strong"), ["rule"]);
});

test("remarks, raw texts and texts that go on", () => {
  assert.deepEqual(of(rhai, "/* a /* b */\n c */ rule", "comment"), ["/* a /* b */", " c */"]);
  assert.deepEqual(of(rhai, '#"a "b\nrule "# rule', "keyword.strong"), ["rule"]);
  assert.deepEqual(of(rhai, '"a \\\nrule" rule', "keyword.strong"), ["rule"]);
  assert.deepEqual(of(rhai, "1..=2 1.5e3 0x1f 'a'", "number"), ["1", "2", "1.5e3", "0x1f"]);
});

test("a text that is not closed ends with its line", () => {
  assert.deepEqual(of(rhai, 'armed("rep\nrule "x"', "keyword.strong"), ["rule"]);
});

test("a message has a head, Markdown and what is filled in", () => {
  const text = '---\nsubject: Uw klacht {{ number }}\n---\n\n# Kop\nDag **u**, {% if not a.b|date("x") %}{# stil #}';
  assert.deepEqual(of(message, text, "propertyName"), ["subject", "b"]);
  assert.deepEqual(of(message, text, "keyword"), ["if", "not"]);
  assert.deepEqual(of(message, text, "variableName.function"), ["date"]);
  assert.deepEqual(of(message, text, "strong"), ["**u**"]);
  assert.deepEqual(of(message, text, "comment"), ["{# stil #}"]);
  assert.deepEqual(of(message, text, "meta"), ["---", "{{", "}}", "---", "{%", "%}"]);
  assert.equal(of(message, text, "heading").join(""), "# Kop");
  assert.deepEqual(of(message, "Geen kop\n---\nsubject: x", "propertyName"), []);
});

test("names and settings", () => {
  const text = '[a.b] # x\nc-d = "e # f"\ng = { nl = "h", en = \'i\' }\nj = """\nk = 1\n""" \n[[l]]\nm = [\n  1, true,\n  2027-01-04T10:00:00Z\n]\n[n]';
  assert.deepEqual(of(toml, text, "heading"), ["[a.b]", "[[l]]", "[n]"]);
  assert.deepEqual(of(toml, text, "propertyName"), ["c-d", "g", "nl", "en", "j", "m"]);
  assert.deepEqual(of(toml, text, "comment"), ["# x"]);
  assert.deepEqual(of(toml, text, "number"), ["1", "2027-01-04T10:00:00Z"]);
  assert.deepEqual(of(toml, text, "atom"), ["true"]);
});

test("the shipped procedure is read to its end", () => {
  for (const file of [...files("", ".rhai"), ...files("tests", ".rhai")]) {
    const text = readFileSync(file, "utf8");
    // A statement at the margin is seen as one wherever the file has one: no text or remark has run on.
    const margin = text.split("\n").filter((line) => /^(rule|action|schedule|scenario) ["\w]/.test(line)).length;
    assert.equal(of(rhai, text, "keyword.strong").length, margin, file);
  }
  for (const file of [...files("messages/nl", ".md"), ...files("messages/en", ".md")]) {
    const text = readFileSync(file, "utf8");
    const opened = text.match(/\{\{|\{%/g)?.length ?? 0;
    const seen = of(message, text, "meta").filter((piece) => piece.startsWith("{")).length;
    assert.equal(seen, opened, file);
  }
  for (const file of files("", ".toml")) {
    const text = readFileSync(file, "utf8");
    assert.equal(of(toml, text, "heading").length, text.split("\n").filter((l) => l.startsWith("[")).length, file);
  }
});

test("nothing that is typed keeps a parser from going on", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const signs = ['"', "`", "${", "}", "{", "/*", "*/", "#", '"""', "'", "\\", "\n", "{{", "%}", "{#", "---", "a", "rule", " ", "é", "🙂", "=", "[", "]", "|", ".", "1", "\u2028"];
  for (let i = 0; i < 3000; i += 1) {
    const text = Array.from({ length: 1 + random(30) }, () => signs[random(signs.length)]).join("");
    for (const parser of [rhai, message, toml]) read(parser, text);
  }
});

// The editor gives up on what stands in a line after 10,000 characters.
test("a long line is read in little time", () => {
  const began = performance.now();
  for (const part of ["`${", "{{ ", '"\\', "[", "**", "a.", "_a", "`", "#", "("]) {
    for (const parser of [rhai, message, toml]) read(parser, part.repeat(10_000 / part.length));
  }
  assert.ok(performance.now() - began < 8_000, `${performance.now() - began} ms`);
});
