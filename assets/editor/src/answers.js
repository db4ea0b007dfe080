// What the server answers, made fit to be shown: places within the text, texts that are texts.

const MOST = 500;

const text = (value) => (typeof value === "string" ? value : "");
const place = (value, length) => (Number.isInteger(value) ? Math.min(Math.max(value, 0), length) : 0);
const list = (value) => (Array.isArray(value) ? value.slice(0, MOST) : []);

function range(value, length) {
  const from = place(value?.from, length);
  return { from, to: Math.max(from, place(value?.to, length)) };
}

/** A fix without changes, or with changes that overlap, is none. */
function fix(value, length) {
  const changes = list(value?.changes).map((change) => ({ ...range(change, length), insert: text(change?.insert) }));
  changes.sort((a, b) => a.from - b.from);
  const overlap = changes.some((change, i) => i > 0 && changes[i - 1].to > change.from);
  return changes.length === 0 || overlap ? null : { label: text(value.label), changes };
}

/** Returns the mistakes of an answer about a text so long, by their place. */
export function mistakes(answer, length) {
  const found = list(answer?.diagnostics).map((one) => ({
    ...range(one, length),
    severity: one?.severity === "warning" ? "warning" : "error",
    code: text(one?.code),
    message: text(one?.message),
    help: text(one?.help),
    fix: fix(one?.fix, length),
  }));
  return found.sort((a, b) => a.from - b.from || a.to - b.to);
}

/** Returns the outline of an answer: names with the lines on which they stand. */
export function outline(answer) {
  const all = list(answer?.outline).map((one) => ({ name: text(one?.name), what: text(one?.what), line: one?.line }));
  return all.filter((one) => one.name !== "" && Number.isInteger(one.line) && one.line > 0);
}

/** Returns what may follow, with the place from which it is put in; null where there is nothing. */
export function completions(answer, offset) {
  const options = list(answer?.items)
    .filter((item) => text(item?.label) !== "")
    .map((item, i) => ({
      label: text(item.label),
      detail: text(item.detail),
      info: text(item.help) || undefined,
      type: text(item.kind) || undefined,
      apply: text(item.insert) || text(item.label),
      // In the order in which they were told.
      boost: Math.max(-99, 99 - i),
    }));
  return options.length === 0 ? null : { from: place(answer.from, offset), options };
}

/** Returns what a word means, with its place; null where nothing is known. */
export function explanation(answer, length) {
  const words = text(answer?.markdown_free_text);
  return words.trim() === "" ? null : { ...range(answer, length), words };
}

/** Moves the places of mistakes along with a change; a fix of what was changed is none any more. */
export function moved(found, changes) {
  return found.map((one) => {
    const from = changes.mapPos(one.from, 1);
    const to = Math.max(from, changes.mapPos(one.to, -1));
    const stands = one.fix?.changes.every((change) => !changes.touchesRange(change.from, change.to));
    const parts = stands
      ? one.fix.changes.map((c) => ({ ...c, from: changes.mapPos(c.from), to: changes.mapPos(c.to) }))
      : null;
    return { ...one, from, to, fix: parts && { label: one.fix.label, changes: parts } };
  });
}

/** Puts values in place of the names in braces. */
export const filled = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
