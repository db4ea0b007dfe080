// What the server knows about a place in the text: what may follow there, and what a word means.

import { autocompletion } from "@codemirror/autocomplete";
import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip } from "@codemirror/view";
import { completions, explanation } from "./answers.js";
import { ask } from "./asking.js";

/** After which signs it is worth asking what may follow. */
const WORTH = /[\p{L}\p{N}_."'{|%[,(]$/u;
/** What goes on within the word that is being completed. */
const WITHIN = /^[\p{L}\p{N}_]*$/u;

/** Completes what is being typed, as the server says. */
export function completing(url) {
  async function source(context) {
    const { state, pos } = context;
    const line = state.doc.lineAt(pos);
    if (!context.explicit && !WORTH.test(line.text.slice(0, pos - line.from))) return null;
    const leaving = new AbortController();
    context.addEventListener("abort", () => leaving.abort(), { onDocChange: true });
    const outcome = await ask(url, { text: state.doc.toString(), offset: pos }, { signal: leaving.signal });
    const found = outcome.kind === "answered" ? completions(outcome.value, pos) : null;
    return found && { ...found, validFor: WITHIN };
  }
  return autocompletion({ override: [source], icons: false, maxRenderedOptions: 100 });
}

function box(words) {
  const dom = document.createElement("div");
  dom.className = "explanation";
  dom.textContent = words;
  return { dom };
}

const explained = StateEffect.define();

/** The explanation that was asked for by key; it goes with the next change or move. */
const asked = StateField.define({
  create: () => null,
  update(value, transaction) {
    const told = transaction.effects.find((effect) => effect.is(explained));
    if (told) return told.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

async function find(url, view, offset) {
  const { doc } = view.state;
  const outcome = await ask(url, { text: doc.toString(), offset });
  // About a text that is no more, nothing is told.
  if (outcome.kind !== "answered" || view.state.doc !== doc) return null;
  return explanation(outcome.value, doc.length);
}

/** Explains the word under the pointer, and with F1 that at the cursor. */
export function explaining(url) {
  const hover = hoverTooltip(async (view, offset) => {
    const found = await find(url, view, offset);
    return found && { pos: found.from, end: found.to, above: true, create: () => box(found.words) };
  });
  function tell(view) {
    const { head } = view.state.selection.main;
    find(url, view, head).then((found) => {
      if (!found || view.state.selection.main.head !== head) return;
      const tooltip = { pos: found.from, above: true, create: () => box(found.words) };
      view.dispatch({ effects: [explained.of(tooltip), EditorView.announce.of(found.words)] });
    });
    return true;
  }
  function end(view) {
    if (!view.state.field(asked)) return false;
    view.dispatch({ effects: explained.of(null) });
    return true;
  }
  const keys = keymap.of([{ key: "F1", run: tell, preventDefault: true }, { key: "Escape", run: end }]);
  return [hover, asked, keys];
}
