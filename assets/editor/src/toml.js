// Names and settings for the eye: TOML.

const LONG = { '"""': /^(\\.|(?!""")[^\\])+/, "'''": /^((?!''')[\s\S])+/ };

/** Reads a text over lines. */
function long(stream, state) {
  if (stream.match(state.long)) state.long = null;
  else if (!stream.match(LONG[state.long])) stream.next();
  return "string";
}

function value(stream, state) {
  for (const quotes of Object.keys(LONG)) {
    if (stream.match(quotes)) {
      state.long = quotes;
      return "string";
    }
  }
  if (stream.match(/^"(\\.|[^"\\])*"?/) || stream.match(/^'[^']*'?/)) return "string";
  if (stream.match(/^(true|false)\b/)) return "atom";
  if (stream.match(/^[+-]?(inf|nan|\d[\d_:.TZeE+-]*|0[xob][\da-fA-F_]+)/)) return "number";
  return null;
}

export const toml = {
  name: "toml",
  startState: () => ({ long: null, isValue: false, lists: 0 }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.long) return long(stream, state);
    if (stream.sol() && state.lists === 0) state.isValue = false;
    if (stream.eatSpace()) return null;
    if (stream.match("#")) {
      stream.skipToEnd();
      return "comment";
    }
    // A table that stands in a list has keys, after `{` and `,`, as a line has.
    const isKey = stream.match(/^([\w-]+|"[^"]*"|'[^']*')(\s*\.\s*([\w-]+|"[^"]*"|'[^']*'))*(?=\s*=)/, false);
    if (!state.isValue && state.lists === 0 && stream.match(/^\[\[?[^\]#]*\]\]?/)) return "heading";
    if (isKey && stream.match(isKey[0])) return "propertyName";
    if (stream.match("=")) {
      state.isValue = true;
      return "operator";
    }
    const read = state.isValue ? value(stream, state) : null;
    if (read) return read;
    if (stream.match(/^[\w.-]+/)) return null;
    const sign = stream.next();
    if (sign === "[" || sign === "{") state.lists += 1;
    if ((sign === "]" || sign === "}") && state.lists > 0) state.lists -= 1;
    return "[]{}".includes(sign) ? "bracket" : null;
  },
  languageData: { commentTokens: { line: "#" } },
};
