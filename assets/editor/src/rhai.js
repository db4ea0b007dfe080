// Scripts for the eye: Rhai with our statements. Reading never fails, and a slip goes wrong for its own line only.

import { PARTS, SCRIPT, STATEMENTS, VALUES } from "./words.js";

const HEADS = new Set(STATEMENTS);
const KEYWORDS = new Set([...PARTS, ...SCRIPT]);
const ATOMS = new Set(VALUES);
const NAME = /^[\p{L}_][\p{L}\p{N}_]*/u;
const NUMBER = /^(0x[\da-fA-F_]+|0b[01_]+|0o[0-7_]+|\d[\d_]*(\.(?!\.)\d[\d_]*)?(e[+-]?\d+)?)/;
// The most texts in each other; the language reads no more either.
const DEEPEST = 32;

/** Reads a remark over lines, in which others may stand. */
function remark(stream, state) {
  while (!stream.eol()) {
    if (stream.match("*/")) {
      state.remarks -= 1;
      if (state.remarks === 0) return "comment";
    } else if (stream.match("/*")) state.remarks += 1;
    else stream.next();
  }
  return "comment";
}

/** Reads a text in double quotes to its end; one that ends in a backslash goes on in the next line. */
function quoted(stream, state) {
  let next;
  state.isQuoted = false;
  while ((next = stream.next()) !== undefined && next !== null) {
    if (next === '"') return "string";
    if (next === "\\" && stream.next() == null) state.isQuoted = true;
  }
  return "string";
}

/** Reads a text between `#"` and `"#`. */
function raw(stream, state) {
  const end = `"${"#".repeat(state.raw)}`;
  while (!stream.eol()) {
    if (stream.match(end)) {
      state.raw = 0;
      return "string";
    }
    stream.next();
  }
  return "string";
}

/** Reads a stretch of a text in back quotes, up to its end or to an expression in it. */
function stretch(stream, state) {
  if (state.within.length < DEEPEST && stream.match("${")) {
    state.within.push({ kind: "code", braces: 0 });
    return "meta";
  }
  while (!stream.eol()) {
    if (stream.match("``")) continue;
    if (stream.match("`")) {
      state.within.pop();
      return "string";
    }
    if (stream.match("${", false) && state.within.length < DEEPEST) return "string";
    stream.next();
  }
  return "string";
}

function named(stream, state, word) {
  const before = state.before;
  state.before = word;
  if (before === ".") return stream.match(/^\s*\(/, false) ? "propertyName.function" : "propertyName";
  if (HEADS.has(word)) return "keyword.strong";
  if (KEYWORDS.has(word)) return "keyword";
  if (ATOMS.has(word)) return "atom";
  if (before === "fn") return "variableName.definition";
  if (stream.match(/^\s*\(/, false)) return "variableName.function";
  if (stream.match(/^\s*:(?!:)/, false)) return "propertyName";
  return /^[A-Z][A-Z\d_]+$/.test(word) ? "variableName.constant" : "variableName";
}

/** Opens and closes blocks; the brace that ends an expression within a text is none of the code's. */
function brace(state, sign) {
  const here = state.within[state.within.length - 1];
  state.before = sign;
  if (sign === "{") here.braces += 1;
  else if (here.braces > 0) here.braces -= 1;
  else if (state.within.length > 1) {
    state.within.pop();
    return "meta";
  }
  return "bracket";
}

function code(stream, state) {
  if (stream.eatSpace()) return null;
  if (stream.match("//")) {
    stream.skipToEnd();
    return "comment";
  }
  if (stream.match("/*")) {
    state.remarks = 1;
    return remark(stream, state);
  }
  const hashes = stream.match(/^#+/);
  if (hashes) {
    state.before = "#";
    if (!stream.match('"')) return "operator";
    state.raw = hashes[0].length;
    return raw(stream, state);
  }
  const word = stream.match(NAME);
  if (word) return named(stream, state, word[0]);
  if (stream.match(NUMBER)) return "number";
  if (stream.match(/^'(\\.[^']*|[^'\\])'/)) return "string";
  const sign = stream.next();
  if (sign === '"') return quoted(stream, state);
  if (sign === "`") {
    state.within.push({ kind: "text" });
    return stretch(stream, state);
  }
  if (sign === "{" || sign === "}") return brace(state, sign);
  state.before = sign;
  return "()[]".includes(sign) ? "bracket" : "operator";
}

export const rhai = {
  name: "rhai",
  startState: () => ({ within: [{ kind: "code", braces: 0 }], remarks: 0, raw: 0, isQuoted: false, before: "" }),
  copyState: (state) => ({ ...state, within: state.within.map((part) => ({ ...part })) }),
  token(stream, state) {
    if (state.remarks > 0) return remark(stream, state);
    if (state.isQuoted) return quoted(stream, state);
    if (state.raw > 0) return raw(stream, state);
    return state.within[state.within.length - 1].kind === "text" ? stretch(stream, state) : code(stream, state);
  },
  languageData: { commentTokens: { line: "//", block: { open: "/*", close: "*/" } } },
};
