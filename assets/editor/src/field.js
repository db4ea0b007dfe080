// One field of a form with an editor beside it. The field stays what is sent, whatever becomes of the editor.

import { closeCompletion, completionStatus } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { StreamLanguage, bracketMatching } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import * as answers from "./answers.js";
import { ask } from "./asking.js";
import { Checker } from "./checker.js";
import { completing, explaining } from "./help.js";
import { AROUND, look } from "./look.js";
import { message } from "./message.js";
import { field as mistakesField, mistakes, show } from "./mistakes.js";
import { draw, following } from "./outline.js";
import { Report } from "./report.js";
import { rhai } from "./rhai.js";
import { said } from "./said.js";
import { toml } from "./toml.js";

const LANGUAGES = { rhai, md: message, toml };
/** Where this browser keeps that its person wants Tab to indent. */
const CHOICE = "redress-editor-tab";

function chosen() {
  try {
    return localStorage.getItem(CHOICE) === "indents";
  } catch {
    return false;
  }
}

function choose(indents) {
  try {
    localStorage.setItem(CHOICE, indents ? "indents" : "leaves");
  } catch {
    // Where nothing may be kept, it holds for this page.
  }
}

const INDENTING = keymap.of([{ key: "Tab", run: indentMore, shift: indentLess }]);

/** Sends the form as Enter in a field of one line would. */
function send(area) {
  const { form } = area;
  if (!form) return false;
  const first = [...form.elements].find((e) => e.type === "submit" && !e.disabled);
  form.requestSubmit(first ?? null);
  return true;
}

export class Field {
  #area;
  #words;
  #report;
  #checker = null;
  #tab = new Compartment();
  #outline;
  #hint = document.createElement("p");
  #view;

  constructor(area) {
    this.#area = area;
    const { words, phrases } = said(area.dataset);
    this.#words = words;
    this.#report = new Report(words);
    this.#outline = document.getElementById(area.dataset.outline);
    if (area.dataset.check) this.#checker = this.#checking(area.dataset.check);
    const host = document.createElement("div");
    area.after(host);
    const root = host.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync(AROUND);
    const label = document.createElement("span");
    label.id = "label";
    label.className = "away";
    label.textContent = [...area.labels].map((l) => l.innerText).join(" ") || area.getAttribute("aria-label") || "";
    const place = document.createElement("div");
    root.append(label, place, this.#hint, this.#choice(), ...this.#report.parts);
    const state = EditorState.create({ doc: area.value, extensions: this.#extensions(phrases) });
    this.#view = new EditorView({ state, parent: place, root });
    // The sheets of CodeMirror come with the view; ours stay beside them.
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, style];
    this.#follow();
    if (this.#outline) following(this.#view);
    this.#checker?.changed();
  }

  #extensions(phrases) {
    const { check, complete, hover, editor } = this.#area.dataset;
    const language = LANGUAGES[editor.split(".").pop()];
    return [
      EditorState.phrases.of(phrases),
      keymap.of([{ key: "Mod-Enter", run: () => send(this.#area) }]),
      check ? mistakes : mistakesField,
      complete ? completing(complete) : [],
      hover ? explaining(hover) : [],
      lineNumbers(),
      highlightSpecialChars(),
      history(),
      bracketMatching(),
      search({ top: false }),
      highlightSelectionMatches(),
      language ? StreamLanguage.define(language) : [],
      EditorView.lineWrapping,
      EditorState.readOnly.of(this.#area.readOnly || this.#area.disabled),
      this.#tab.of(chosen() ? INDENTING : []),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap.filter((k) => k.key !== "Mod-Alt-g" && k.key !== "Alt-g")]),
      look,
      this.#attributes(),
      EditorView.updateListener.of((update) => this.#changed(update)),
    ];
  }

  #attributes() {
    const area = this.#area;
    const isProse = area.dataset.editor.endsWith(".md");
    // What scrolls holds what the keyboard reaches.
    const fixed = { "aria-labelledby": "label", "aria-describedby": "hint", tabindex: "0" };
    if (area.required) fixed["aria-required"] = "true";
    if (area.readOnly) fixed["aria-readonly"] = "true";
    if (isProse) Object.assign(fixed, { spellcheck: "true", autocorrect: "on", autocapitalize: "sentences" });
    if (area.lang) fixed.lang = area.lang;
    const isWrong = (state) => state.field(mistakesField).some((one) => one.severity === "error");
    return [
      EditorView.contentAttributes.of(fixed),
      EditorView.contentAttributes.compute([mistakesField], (state) => (isWrong(state) ? { "aria-invalid": "true" } : {})),
    ];
  }

  /** The box by which a person has Tab indent; without it Tab leads on, as in any field. */
  #choice() {
    const label = document.createElement("label");
    label.className = "tab";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = chosen();
    const says = document.createElement("span");
    says.textContent = this.#words.tab;
    label.append(box, says);
    this.#hint.id = "hint";
    this.#hint.className = "hint";
    const { hint, hintTab, hintCheck, hintHover } = this.#words;
    const { check, hover } = this.#area.dataset;
    const tell = () => {
      const said = [box.checked ? hintTab : hint, check && hintCheck, hover && hintHover];
      this.#hint.textContent = said.filter(Boolean).join(" ");
    };
    tell();
    box.addEventListener("change", () => {
      choose(box.checked);
      tell();
      this.#view.dispatch({ effects: this.#tab.reconfigure(box.checked ? INDENTING : []) });
    });
    return label;
  }

  #checking(url) {
    const checker = new Checker({
      ask: () => ask(url, { text: this.#view.state.doc.toString() }),
      show: (answer) => {
        show(this.#view, answers.mistakes(answer, this.#view.state.doc.length));
        this.#report.checked(this.#view);
        if (this.#outline) draw(this.#outline, answers.outline(answer), this.#words);
      },
      fail: (kind) => this.#report.trouble(kind),
    });
    addEventListener("focus", () => checker.again());
    addEventListener("online", () => checker.again());
    return checker;
  }

  #changed(update) {
    if (!update.docChanged) return;
    this.#area.value = update.state.doc.toString();
    this.#area.dispatchEvent(new Event("input", { bubbles: true }));
    if (update.state.field(mistakesField).length > 0) this.#report.draw(update.view);
    this.#checker?.changed();
  }

  /** The field is there still for who sends, resets or points to it; who comes to it comes to the editor. */
  #follow() {
    const area = this.#area;
    area.classList.add("away");
    area.tabIndex = -1;
    area.setAttribute("aria-hidden", "true");
    area.addEventListener("focus", () => this.#view.focus());
    area.form?.addEventListener("reset", () => setTimeout(() => this.#take()));
    addEventListener("pageshow", () => this.#take());
    this.#view.contentDOM.addEventListener("blur", () => {
      if (completionStatus(this.#view.state)) closeCompletion(this.#view);
    });
    if (area.autofocus || document.activeElement === area || location.hash === `#${area.id}`) this.#view.focus();
  }

  /** Takes over what something else has written into the field, as the browser does when one comes back. */
  #take() {
    const { doc } = this.#view.state;
    const text = this.#area.value;
    if (text !== doc.toString()) this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
  }
}
