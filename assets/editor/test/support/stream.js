// Reads a text by one of our parsers as the editor does: line by line, from place to place.

class Stream {
  constructor(line) {
    this.string = line;
    this.pos = 0;
    this.start = 0;
  }
  eol() { return this.pos >= this.string.length; }
  sol() { return this.pos === 0; }
  peek() { return this.string.charAt(this.pos) || undefined; }
  next() { return this.pos < this.string.length ? this.string.charAt(this.pos++) : undefined; }
  eatSpace() {
    const begin = this.pos;
    while (/[\s\u00a0]/.test(this.string.charAt(this.pos))) this.pos += 1;
    return this.pos > begin;
  }
  skipToEnd() { this.pos = this.string.length; }
  match(pattern, consume) {
    if (typeof pattern === "string") {
      const is = this.string.startsWith(pattern, this.pos);
      if (is && consume !== false) this.pos += pattern.length;
      return is || null;
    }
    const found = this.string.slice(this.pos).match(pattern);
    if (found && found.index > 0) return null;
    if (found && consume !== false) this.pos += found[0].length;
    return found;
  }
}

/** Returns `[piece, style]` for every piece of a text that has a style; fails where a parser stands still. */
export function read(parser, text) {
  let state = parser.startState(2);
  const pieces = [];
  for (const line of text.split("\n")) {
    const stream = new Stream(line);
    let still = 0;
    while (!stream.eol()) {
      stream.start = stream.pos;
      state = parser.copyState(state);
      const style = parser.token(stream, state);
      still = stream.pos === stream.start ? still + 1 : 0;
      if (still > 8) throw new Error(`stands still at ${stream.pos} of: ${line}`);
      if (style && stream.pos > stream.start) pieces.push([line.slice(stream.start, stream.pos), style]);
    }
  }
  return pieces;
}

/** Returns the pieces of one style. */
export const of = (parser, text, style) => read(parser, text).filter(([, s]) => s === style).map(([piece]) => piece);
