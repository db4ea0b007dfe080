// The mistakes of the text that is in the editor: underlined, marked in the margin, walked by key, mended.

import { lintGutter, nextDiagnostic, previousDiagnostic, setDiagnostics } from "@codemirror/lint";
import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { moved } from "./answers.js";

const found = StateEffect.define();

/** The mistakes, at their places in the text as it is now. */
export const field = StateField.define({
  create: () => [],
  update(value, transaction) {
    const next = transaction.docChanged ? moved(value, transaction.changes) : value;
    return transaction.effects.reduce((all, effect) => (effect.is(found) ? effect.value : all), next);
  },
});

/** The words of a mistake: its code, what is wrong, and how to mend it. */
export function lines(one) {
  const said = one.code ? `${one.code}: ${one.message}` : one.message;
  return one.help ? [said, one.help] : [said];
}

function render(one) {
  const box = document.createElement("div");
  for (const line of lines(one)) {
    const part = document.createElement("div");
    part.textContent = line;
    box.append(part);
  }
  return box;
}

/** Takes over what the server found. */
export function show(view, all) {
  const shown = all.map((one) => ({
    from: one.from,
    to: one.to,
    severity: one.severity,
    message: lines(one).join("\n"),
    renderMessage: () => render(one),
  }));
  const { effects } = setDiagnostics(view.state, shown);
  view.dispatch({ effects: [found.of(all)].concat(effects) });
}

/** Goes to a mistake, and says it to who does not see. */
export function goTo(view, one) {
  view.dispatch({
    selection: { anchor: one.from, head: one.to },
    effects: EditorView.announce.of(lines(one).join(" ")),
    scrollIntoView: true,
  });
  view.focus();
}

/** Mends a mistake; what was written there comes back with "undo". */
export function mend(view, one, said) {
  if (!one.fix || view.state.readOnly) return;
  const change = view.state.changes(one.fix.changes);
  const at = change.mapPos(one.fix.changes[0].from, 1);
  view.dispatch({ changes: change, selection: { anchor: at }, userEvent: "input.fix", scrollIntoView: true });
  view.dispatch({ effects: EditorView.announce.of(said) });
  view.focus();
}

/** Goes to the mistake after or before the place of the cursor, round the end of the text. */
const walk = (step) => (view) => {
  if (!step(view)) return false;
  const { from, to } = view.state.selection.main;
  const all = view.state.field(field);
  const one = all.find((m) => m.from === from && m.to === to) ?? all.find((m) => m.from <= to && from <= m.to);
  if (one) view.dispatch({ effects: EditorView.announce.of(lines(one).join(" ")) });
  return true;
};

export const mistakes = [
  field,
  lintGutter(),
  keymap.of([{ key: "F8", run: walk(nextDiagnostic), shift: walk(previousDiagnostic), preventDefault: true }]),
];
