// The words of the rule language that are set apart from names. A test holds the first two lists against the language itself.

/** What begins a statement. */
export const STATEMENTS = ["rule", "action", "schedule", "scenario"];

/** What stands between the parts of a statement; `for` is one as well, and a word of scripts. */
export const PARTS = ["when", "then", "every", "by", "asks", "cron"];

/** The words of scripts. */
export const SCRIPT = [
  "let", "const", "fn", "if", "else", "for", "in", "while", "loop", "do", "until", "break", "continue", "return", "throw",
  "try", "catch", "switch", "private",
];

/** The values that have a name of their own. */
export const VALUES = ["true", "false"];

/** What a template of a message knows between `{%` and `%}`. */
export const TEMPLATE = [
  "if", "elif", "else", "endif", "for", "in", "endfor", "set", "endset", "with", "endwith", "include", "filter", "endfilter",
  "macro", "endmacro", "raw", "endraw", "and", "or", "not", "is", "true", "false", "none",
];
