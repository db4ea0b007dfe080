// The outline of the text, which the page shows beside the editor, and the links of the page to lines: they lead into the editor.

import { EditorView } from "@codemirror/view";
import { filled } from "./answers.js";

const LINE = /^#line-(\d{1,7})$/;

/** Returns the line that the fragment of an address names; null for another. */
export const lineOf = (hash) => Number(LINE.exec(hash)?.[1] ?? 0) || null;

/** Goes to the beginning of a line, or the last where there are fewer, and says it to who does not see. */
export function goToLine(view, number) {
  const { doc } = view.state;
  const line = doc.line(Math.min(number, doc.lines));
  const effects = [EditorView.scrollIntoView(line.from, { y: "start", yMargin: 24 }), EditorView.announce.of(line.text)];
  view.dispatch({ selection: { anchor: line.from }, effects });
  view.focus();
}

/** Leads every link of the page to a line into the editor, also the one by which somebody came. */
export function following(view) {
  const link = (target) => target instanceof Element && target.closest('a[href^="#line-"]');
  document.addEventListener("click", (event) => {
    const line = lineOf(link(event.target)?.hash ?? "");
    if (line === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(history.state, "", `#line-${line}`);
    goToLine(view, line);
  });
  const asked = () => lineOf(location.hash) !== null && goToLine(view, lineOf(location.hash));
  addEventListener("hashchange", asked);
  asked();
}

function item(one, words) {
  const made = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#line-${one.line}`;
  link.textContent = one.name;
  const meta = document.createElement("span");
  meta.className = "meta";
  meta.textContent = `${one.what} · ${filled(words.line, { line: one.line })}`;
  made.append(link, " ", meta);
  return made;
}

/** Shows the outline of the text as it is now; who is on a link of it stays on that link. */
export function draw(place, outline, words) {
  const list = place.querySelector("ol");
  const items = outline.map((one) => item(one, words));
  const said = (all) => all.map((one) => one.textContent).join("\n");
  if (said(items) === said([...list.children])) return;
  const at = [...list.children].findIndex((one) => one.contains(document.activeElement));
  list.replaceChildren(...items);
  place.hidden = items.length === 0;
  items[at]?.querySelector("a").focus();
}
