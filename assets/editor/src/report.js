// What stands below the editor: how many mistakes there are, a list that leads to each, and why a text is not being checked.

import { filled } from "./answers.js";
import { field, goTo, mend } from "./mistakes.js";

function element(name, className, words = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = words;
  return made;
}

/** Makes the parts below an editor; `update` draws them anew after a change. */
export class Report {
  #words;
  #count = element("p", "count");
  #trouble = element("p", "trouble");
  #title;
  #list = element("ol", "mistakes");

  constructor(words) {
    this.#words = words;
    this.#title = element("p", "title", words.list);
    this.#title.id = "mistakes";
    this.#list.setAttribute("aria-labelledby", "mistakes");
    for (const part of [this.#count, this.#trouble]) part.setAttribute("role", "status");
    this.#title.hidden = true;
    this.#list.hidden = true;
    this.parts = [this.#count, this.#trouble, this.#title, this.#list];
  }

  /** Says why the text is not being checked; null where it is. */
  trouble(kind) {
    const words = kind === null ? "" : (this.#words[kind] ?? this.#words.gone);
    if (this.#trouble.textContent !== words) this.#trouble.textContent = words;
  }

  /** The server has answered. */
  checked(view) {
    this.trouble(null);
    const all = view.state.field(field);
    const warnings = all.filter((one) => one.severity === "warning").length;
    const words = all.length === 0 ? this.#words.none : this.#words.found;
    const count = filled(words, { errors: all.length - warnings, warnings });
    if (this.#count.textContent !== count) this.#count.textContent = count;
    this.draw(view);
  }

  draw(view) {
    const all = view.state.field(field);
    this.#title.hidden = all.length === 0;
    this.#list.hidden = all.length === 0;
    this.#list.replaceChildren(...all.map((one) => this.#item(view, one)));
  }

  #item(view, one) {
    const item = element("li", one.severity);
    const line = view.state.doc.lineAt(one.from).number;
    const link = element("button", "go", filled(this.#words.line, { line }));
    link.type = "button";
    link.addEventListener("click", () => goTo(view, one));
    const kind = one.severity === "error" ? this.#words.error : this.#words.warning;
    const says = element("span", "says", ` ${kind}${one.code ? ` ${one.code}` : ""}: ${one.message}`);
    item.append(link, says);
    if (one.help) item.append(element("span", "help", one.help));
    if (one.fix && !view.state.readOnly) {
      const label = one.fix.label ? `${this.#words.fix}: ${one.fix.label}` : this.#words.fix;
      const button = element("button", "fix", label);
      button.type = "button";
      button.addEventListener("click", () => mend(view, one, this.#words.fixed));
      item.append(button);
    }
    return item;
  }
}
