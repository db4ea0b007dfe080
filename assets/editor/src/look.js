// How the editor looks: with the colours of the page, light and dark alike. Colour never tells alone.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line)", borderRadius: ".25rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", fontSize: "inherit", lineHeight: "1.5", maxHeight: "70vh", overflow: "auto" },
  ".cm-content, .cm-gutter": { minHeight: "16rem" },
  ".cm-content": { padding: ".375rem 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 .5rem" },
  ".cm-gutters": { backgroundColor: "var(--quiet)", color: "var(--soft)", borderInlineEnd: "1px solid var(--faint)" },
  ".cm-gutter-lint": { width: "1.25em" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 .125em" },
  // Signs of our own, which are seen in forced colours as well, and no pictures that the policy of the page would have to allow.
  ".cm-gutter-lint .cm-lint-marker": { width: "1em", height: "auto", content: "normal", textAlign: "center" },
  ".cm-lint-marker-error::before": { content: '"●"', color: "var(--late)" },
  ".cm-lint-marker-warning::before": { content: '"▲"', color: "var(--soon)" },
  ".cm-lintRange": { backgroundImage: "none !important", paddingBottom: "0" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--late)", textUnderlineOffset: ".2em", textDecorationSkipInk: "none" },
  ".cm-lintRange-warning": { textDecoration: "underline dotted 2px var(--soon)", textUnderlineOffset: ".2em", textDecorationSkipInk: "none" },
  ".cm-lintRange-active": { backgroundColor: "var(--late-ground)" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--late)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line)", borderRadius: ".25rem", maxWidth: "min(34rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "ui-monospace, monospace", maxHeight: "14rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".25rem .5rem", minHeight: "1.5rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)", outline: "2px solid transparent", outlineOffset: "-2px" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal", marginInlineStart: "1em" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-tooltip.cm-completionInfo": { padding: ".375rem .5rem", whiteSpace: "pre-wrap", maxWidth: "min(22rem, 92vw)" },
  ".explanation, .cm-diagnostic": { padding: ".375rem .5rem", whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  ".cm-diagnostic-error": { borderInlineStart: "4px solid var(--late)" },
  ".cm-diagnostic-warning": { borderInlineStart: "4px dotted var(--soon)" },
  ".cm-panels": { backgroundColor: "var(--quiet)", color: "var(--text)", zIndex: "2" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--faint)" },
  ".cm-panel.cm-search": { display: "flex", flexWrap: "wrap", gap: ".375rem", alignItems: "center", padding: ".5rem 2.5rem .5rem .5rem", fontSize: "inherit" },
  ".cm-panel.cm-search br": { flexBasis: "100%", display: "none" },
  ".cm-panel.cm-search label": { fontSize: "inherit", display: "inline-flex", alignItems: "center", gap: ".25rem", minHeight: "1.5rem" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label": { margin: "0" },
  ".cm-panel.cm-search [name=close]": { width: "2rem", height: "2rem", fontSize: "1.25rem", insetInlineEnd: ".25rem", top: ".375rem" },
  ".cm-textfield": { minHeight: "1.75rem", border: "1px solid var(--line)", borderRadius: ".25rem", backgroundColor: "var(--raised)", color: "var(--text)", fontSize: "inherit" },
  ".cm-textfield::placeholder": { color: "var(--soft)", opacity: "1" },
  ".cm-button": { minHeight: "1.75rem", border: "1px solid var(--accent)", borderRadius: ".25rem", backgroundImage: "none", backgroundColor: "transparent", color: "var(--accent)", fontSize: "inherit" },
  "& .cm-button:active": { backgroundImage: "none", backgroundColor: "var(--faint)" },
  ".cm-panels :focus-visible": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-searchMatch": { backgroundColor: "light-dark(#fff0b3, #5c4600)", outline: "1px solid var(--line)" },
  ".cm-searchMatch-selected": { backgroundColor: "light-dark(#ffd76a, #8a6a00)", outline: "2px solid var(--accent)" },
  ".cm-selectionMatch": { backgroundColor: "var(--quiet)", outline: "1px dotted var(--line)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", outline: "1px dashed var(--late)" },
  ".cm-specialChar": { color: "var(--late)" },
});

const colours = HighlightStyle.define([
  { tag: t.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: t.strong, fontWeight: "700" },
  { tag: t.emphasis, fontStyle: "italic" },
  { tag: t.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [t.string, t.url], color: "var(--good)" },
  { tag: [t.number, t.atom, t.constant(t.variableName)], color: "var(--soon)" },
  { tag: t.function(t.variableName), color: "light-dark(#6e3fc4, #c4a7ff)" },
  { tag: t.definition(t.variableName), color: "light-dark(#6e3fc4, #c4a7ff)", fontWeight: "600" },
  { tag: t.heading, fontWeight: "700", color: "var(--text)" },
  { tag: t.link, textDecoration: "underline" },
  { tag: [t.meta, t.list, t.quote, t.contentSeparator], color: "var(--late)" },
]);

/** What stands around the editor in its shadow root. */
export const AROUND = `
:host { display: block; font-size: max(.875rem, 13px); }
.away { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
p { margin: .375rem 0 0; overflow-wrap: anywhere; }
p:empty { margin: 0; padding: 0; border: 0; }
.hint { color: var(--soft); }
.tab { display: inline-flex; align-items: center; gap: .375rem; min-height: 1.5rem; }
.tab input { width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); }
.trouble:not(:empty) { border-inline-start: .25rem solid var(--soon); padding: .375rem .75rem; background: var(--quiet); }
.title { font-weight: 600; }
ol { list-style: none; margin: 0; padding: 0; }
li { padding: .375rem 0; border-bottom: 1px solid var(--faint); overflow-wrap: anywhere; }
li.error .go::before { content: "● "; color: var(--late); }
li.warning .go::before { content: "▲ "; color: var(--soon); }
.help { display: block; color: var(--soft); white-space: pre-wrap; }
button { font: inherit; min-height: 1.75rem; cursor: pointer; border-radius: .25rem; color: var(--accent); background: none; }
.go { border: 0; padding: 0 .25rem; text-decoration: underline; text-underline-offset: .15em; }
.fix { display: block; border: 1px solid var(--accent); padding: .125rem .75rem; margin-top: .25rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
@media (max-width: 40rem) { :host { font-size: 1rem; } }
@media (forced-colors: active) { li.error .go::before, li.warning .go::before { color: CanvasText; } }
`;

export const look = [theme, syntaxHighlighting(colours)];
