// The words that the page hands over, as `data-say-…` of the field: ours, and those of CodeMirror under its own English.

/** Our words; in English where the page says nothing. */
const OURS = {
  hint: "Tab goes to the next field, Ctrl+Enter sends the form, Ctrl+F finds.",
  hintTab: "Esc and then Tab goes to the next field, Ctrl+Enter sends the form, Ctrl+F finds.",
  hintCheck: "F8 goes to the next mistake.",
  hintHover: "F1 explains a word.",
  tab: "Tab indents",
  none: "No mistakes found.",
  found: "Mistakes: {errors}. Warnings: {warnings}.",
  list: "What is wrong",
  error: "Mistake",
  warning: "Warning",
  line: "Line {line}",
  fix: "Mend",
  fixed: "Mended.",
  gone: "The text cannot be checked at this moment. You can go on typing.",
  session: "You are no longer signed in. Your text stays here; sign in in another window and come back.",
  long: "The text is too long to be checked.",
};

const THEIRS = {
  find: "Find",
  replace: "Replace",
  next: "next",
  previous: "previous",
  all: "all",
  matchCase: "match case",
  regexp: "regexp",
  byWord: "by word",
  replaceOne: "replace",
  replaceAll: "replace all",
  close: "close",
  currentMatch: "current match",
  onLine: "on line",
  replacedOne: "replaced match on line $",
  replacedAll: "replaced $ matches",
  completions: "Completions",
  diagnostics: "Diagnostics",
  controlCharacter: "Control character",
  selectionDeleted: "Selection deleted",
};

const key = (name) => `say${name[0].toUpperCase()}${name.slice(1)}`;

/** Returns our words and CodeMirror's, of what the page says. */
export function said(dataset) {
  const words = Object.entries(OURS).map(([name, english]) => [name, dataset[key(name)] || english]);
  const phrases = Object.entries(THEIRS).map(([name, english]) => [english, dataset[key(name)] || english]);
  return { words: Object.fromEntries(words), phrases: Object.fromEntries(phrases) };
}
