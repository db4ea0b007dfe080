// Messages for the eye: a head between two lines `---`, Markdown, and what is filled in.

import { TEMPLATE } from "./words.js";

const WORDS = new Set(TEMPLATE);
const CLOSED = { "{{": "}}", "{%": "%}", "{#": "#}" };

/** Reads what stands between the braces of a template. */
function inside(stream, state) {
  if (state.open === "{#") {
    while (!stream.eol()) {
      if (stream.match("#}")) {
        state.open = null;
        break;
      }
      stream.next();
    }
    return "comment";
  }
  if (stream.match(new RegExp(`^-?${CLOSED[state.open]}`))) {
    state.open = null;
    return "meta";
  }
  if (stream.eatSpace()) return null;
  if (stream.match(/^"(\\.|[^"\\])*"?/) || stream.match(/^'(\\.|[^'\\])*'?/)) return "string";
  if (stream.match(/^\d+(\.\d+)?/)) return "number";
  const name = stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u);
  if (!name) {
    state.before = stream.next();
    return "operator";
  }
  const { before } = state;
  state.before = "";
  if (before === "|") return "variableName.function";
  if (before === ".") return "propertyName";
  return WORDS.has(name[0]) ? "keyword" : "variableName";
}

/** Reads `{{`, `{%` or `{#`. */
function opening(stream, state) {
  const opened = stream.match(/^(\{\{|\{%|\{#)-?/);
  if (!opened) return null;
  state.open = opened[1];
  state.before = "";
  return state.open === "{#" ? inside(stream, state) : "meta";
}

/** Goes on to where something else may begin. */
function plain(stream, stop) {
  stream.next();
  while (!stream.eol() && !stop.includes(stream.peek())) stream.next();
}

function head(stream, state) {
  if (stream.sol()) {
    if (stream.match(/^---\s*$/)) {
      state.part = "body";
      return "meta";
    }
    if (stream.match(/^[\w-]+(?=\s*:)/)) return "propertyName";
  }
  if (stream.match(/^\s*:/)) return "operator";
  plain(stream, "{");
  return "string";
}

function body(stream) {
  if (stream.sol()) {
    if (stream.match(/^#{1,6}\s/)) {
      plain(stream, "{");
      return "heading";
    }
    if (stream.match(/^\s*([-*+]|\d+[.)])\s/)) return "list";
    if (stream.match(/^\s*>/)) return "quote";
    if (stream.match(/^\s*(-{3,}|\*{3,})\s*$/)) return "contentSeparator";
  }
  if (stream.match(/^\*\*[^*{]+\*\*/) || stream.match(/^__[^_{]+__/)) return "strong";
  if (stream.match(/^\*[^*\s{][^*{]*\*/) || stream.match(/^_[^_\s{][^_{]*_/)) return "emphasis";
  if (stream.match(/^`[^`]*`/)) return "monospace";
  if (stream.match(/^\[[^\]{]*\](?=\()/)) return "link";
  if (stream.match(/^\([^)\s{]*\)/)) return "url";
  plain(stream, "{*_`[(");
  return null;
}

export const message = {
  name: "message",
  startState: () => ({ part: "start", open: null, before: "" }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.open) return inside(stream, state);
    if (state.part === "start") {
      const begins = stream.match(/^---\s*$/);
      state.part = begins ? "head" : "body";
      if (begins) return "meta";
    }
    return opening(stream, state) ?? (state.part === "head" ? head(stream, state) : body(stream));
  },
  languageData: { commentTokens: { block: { open: "{#", close: "#}" } } },
};
