//! `Readable`: what of a script can be read although not all of it can: every statement by itself, with the
//! slips put right that are plain, each at the place where it stood.

use super::draft::Draft;
use super::pieces::{Piece, pieces};
use super::slips::{self, Slip};
use super::tokens::{TokenKind, Tokens};
use crate::rules::diagnostics::kinds::syntax;
use crate::rules::diagnostics::{Diagnostic, Fix, Lines, Location, Span, offset};
use rhai::{AST, ParseError, ParseErrorType, Position};
use std::collections::BTreeSet;

/// The parser of the language.
type Parser<'p> = &'p dyn Fn(&str) -> Result<AST, ParseError>;

/// The most slips that are told of one file; whoever mends them is told the others.
const TOLD: usize = 1_000;
/// How often a statement is tried again, with one more semicolon in it.
const SEMICOLONS: usize = 20;
/// How many statements of a file may be left out before the rest is.
const LEFT_OUT: usize = 50;

/// The names that a script gives in statements that cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::rules) struct Unreadable {
    pub constants: BTreeSet<String>,
    pub functions: BTreeSet<String>,
    pub actions: BTreeSet<String>,
}

impl Unreadable {
    /// Adds the names of another script.
    pub fn extend(&mut self, other: Self) {
        self.constants.extend(other.constants);
        self.functions.extend(other.functions);
        self.actions.extend(other.actions);
    }
}

/// A script as far as it can be read.
pub(in crate::rules) struct Readable {
    pub ast: AST,
    /// The text of what was read, line by line as the original has it.
    pub draft: Draft,
    /// The mistakes of how it is written.
    pub found: Vec<Diagnostic>,
    pub unreadable: Unreadable,
}

/// Reads a script.
pub(in crate::rules) fn read(file: &str, text: &str, parser: Parser) -> Readable {
    let tokens = Tokens::of(text);
    let pieces = pieces(&tokens);
    let piece = |p: &Piece| text.get(p.start..p.end).unwrap_or_default();
    let whole = parser(text);
    if let Ok(ast) = whole
        && pieces.iter().all(|p| slips::never_meant(piece(p)).is_empty())
    {
        let draft = Draft::of(text, 0);
        return Readable { ast, draft, found: Vec::new(), unreadable: Unreadable::default() };
    }
    let lines = Lines::from(text);
    let mut reader = Reader { file, lines, parser, found: Vec::new(), unreadable: Unreadable::default() };
    let last = pieces.len().saturating_sub(1);
    let drafts: Vec<Draft> =
        pieces.iter().enumerate().map(|(i, p)| reader.piece(piece(p), *p, i == last)).collect();
    reader.together(drafts)
}

struct Reader<'r> {
    file: &'r str,
    lines: Lines<'r>,
    parser: Parser<'r>,
    found: Vec<Diagnostic>,
    unreadable: Unreadable,
}

impl Reader<'_> {
    /// Reads one statement; nothing is left of it but its lines when it cannot be read.
    fn piece(&mut self, text: &str, piece: Piece, is_last: bool) -> Draft {
        let mut draft = Draft::of(text, piece.start);
        self.take(&mut draft, slips::never_meant(text));
        let Err(mut error) = (self.parser)(&draft.text) else {
            let end = slips::constant_without_semicolon(&draft.text).filter(|_| !is_last);
            self.take(&mut draft, end.into_iter().collect());
            return draft;
        };
        let mut is_mended = true;
        let mut next_round = 0;
        while let Some((round, found)) = slips::find(&draft.text, next_round) {
            next_round = round + 1;
            is_mended &= found.iter().all(|s| !s.repair.is_empty());
            self.take(&mut draft, found);
            match (self.parser)(&draft.text) {
                Ok(_) => return draft,
                Err(next) => error = next,
            }
            if is_too_large(&error) {
                break;
            }
        }
        let semicolons = if slips::is_statement(&draft.text) { SEMICOLONS } else { 0 };
        for _ in 0..semicolons {
            let is_semicolon = matches!(&*error.0, ParseErrorType::MissingToken(token, _) if token == ";");
            let place = place(&draft.text, error.1);
            let Some(slip) = slips::missing_semicolon(&draft.text, place).filter(|_| is_semicolon) else {
                break;
            };
            self.take(&mut draft, vec![slip]);
            match (self.parser)(&draft.text) {
                Ok(_) => return draft,
                Err(next) => error = next,
            }
        }
        if is_mended {
            self.not_understood(&draft, &error);
        }
        self.leave_out(&mut draft);
        draft
    }

    /// Tells slips at the places where they stand in the file, and puts them right in the draft.
    fn take(&mut self, draft: &mut Draft, slips: Vec<Slip>) {
        let mut edits = Vec::new();
        for slip in slips {
            if self.found.len() < TOLD {
                self.found.push(located(&slip, self.file, &self.lines, draft));
            }
            edits.extend(slip.repair);
        }
        draft.apply(edits);
    }

    fn location(&self, draft: &Draft, start: usize, end: usize) -> Location {
        Location::part(self.file, &self.lines, draft.origin(start), draft.origin(end))
    }

    /// Tells what the parser does not understand, where nothing says it better.
    fn not_understood(&mut self, draft: &Draft, error: &ParseError) {
        let at = place(&draft.text, error.1);
        let tokens = Tokens::of(&draft.text);
        let code = tokens.code();
        // What ends too early began where the statement did.
        let token = code.iter().find(|t| t.end > at).or(code.first());
        let (start, end) = token.map_or((0, draft.text.len()), |t| (t.start, t.end));
        self.found.push(syntax::report(self.location(draft, start, end), &error.0));
    }

    fn leave_out(&mut self, draft: &mut Draft) {
        let tokens = Tokens::of(&draft.text);
        let code = tokens.code();
        let says =
            |i: usize| code.get(i).filter(|t| t.kind == TokenKind::Word).map(|t| tokens.says(t).to_owned());
        let names = match says(0).as_deref() {
            Some("const") => Some(&mut self.unreadable.constants),
            Some("fn") => Some(&mut self.unreadable.functions),
            Some("action") => Some(&mut self.unreadable.actions),
            _ => None,
        };
        if let (Some(names), Some(name)) = (names, says(1)) {
            names.insert(name);
        }
        draft.blank();
    }

    /// Puts the statements together again.
    fn together(mut self, mut drafts: Vec<Draft>) -> Readable {
        for _ in 0..LEFT_OUT {
            let mut whole = Draft::of("", 0);
            for draft in &drafts {
                whole.append(draft.clone());
            }
            let error = match (self.parser)(&whole.text) {
                Ok(ast) => return self.readable(ast, whole),
                Err(error) => error,
            };
            self.not_understood(&whole, &error);
            // What each statement alone does not show lies between them: the one at the place is left out.
            let at = place(&whole.text, error.1);
            let mut end = 0;
            let culprit = drafts.iter_mut().find(|draft| {
                end += draft.text.len();
                end > at && !draft.text.trim().is_empty()
            });
            let Some(culprit) = culprit else { break };
            let mut left_out = culprit.clone();
            self.leave_out(&mut left_out);
            *culprit = left_out;
        }
        let mut nothing = Draft::of(self.lines.text(), 0);
        nothing.blank();
        self.readable(AST::empty(), nothing)
    }

    fn readable(self, ast: AST, draft: Draft) -> Readable {
        Readable { ast, draft, found: self.found, unreadable: self.unreadable }
    }
}

/// Tells a slip that was found in a draft at its place in the original.
pub(in crate::rules) fn located(slip: &Slip, file: &str, original: &Lines<'_>, draft: &Draft) -> Diagnostic {
    let part = |start, end| Location::part(file, original, draft.origin(start), draft.origin(end));
    let fix = slip.fix.as_ref().and_then(|fix| {
        let span = part(fix.start, fix.end).span?;
        Some(Fix { span, replacement: fix.text.clone() })
    });
    Diagnostic { fix, ..(slip.told)(part(slip.start, slip.end)) }
}

/// Returns whether a list or a map has more in it than may be, which no slip explains; a text may be long because it
/// is not closed.
fn is_too_large(error: &ParseError) -> bool {
    matches!(&*error.0, ParseErrorType::LiteralTooLarge(what, _) if !what.contains("string"))
}

/// Returns the place in bytes at which an error is; the end of the text where it has none.
fn place(text: &str, position: Position) -> usize {
    match (position.line(), position.position()) {
        (Some(line), column) => offset(text, line, column.unwrap_or(1)),
        _ => text.len(),
    }
}

/// Moves diagnostics of a draft to their places in the original.
pub(in crate::rules) fn moved<'d>(
    diagnostics: impl IntoIterator<Item = &'d mut Diagnostic>,
    draft: &Draft,
    original: &str,
) {
    let (drafted, original) = (Lines::from(&draft.text), Lines::from(original));
    for diagnostic in diagnostics {
        let to_original = |span: Span| {
            let start = draft.origin(drafted.offset(span.line, span.column));
            let end = draft.origin(drafted.offset(span.end_line, span.end_column));
            Location::part(&diagnostic.at.file, &original, start, end).span
        };
        let fix = diagnostic.fix.take().and_then(|fix| Some(Fix { span: to_original(fix.span)?, ..fix }));
        diagnostic.at.span = diagnostic.at.span.and_then(to_original);
        diagnostic.fix = fix;
    }
}
