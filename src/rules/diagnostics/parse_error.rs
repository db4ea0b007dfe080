//! The parser's errors in words for people who are no programmers.

use crate::complaint::Text;
use rhai::{LexError, ParseErrorType};

/// Says what the parser does not understand.
pub(super) fn worded(error: &ParseErrorType) -> Text {
    use ParseErrorType as E;
    match error {
        E::UnexpectedEOF => Text::new(
            "het bestand houdt te vroeg op: een accolade, haakje of aanhalingsteken is niet gesloten",
            "the file ends too soon: a brace, bracket or quote is not closed",
        ),
        E::BadInput(error) => input(error),
        E::MissingToken(token, _) => missing(token),
        E::MissingSymbol(_) => {
            Text::new("hier ontbreekt een teken of woord", "a sign or word is missing here")
        }
        E::UnknownOperator(sign) => {
            Text::new(format!("het teken `{sign}` bestaat niet"), format!("the sign `{sign}` does not exist"))
        }
        E::ExprExpected(_) => Text::new(
            "hier hoort een waarde of voorwaarde te staan",
            "a value or condition should stand here",
        ),
        E::PropertyExpected => Text::new("achter de punt hoort een naam", "a name should follow the dot"),
        E::VariableExpected => Text::new("hier hoort een naam", "a name should stand here"),
        E::ForbiddenVariable(name) | E::Reserved(name) => Text::new(
            format!("`{name}` kan hier niet staan: het is een vast woord of teken"),
            format!("`{name}` cannot stand here: it is a reserved word or sign"),
        ),
        E::MalformedIndexExpr(_) => Text::new(
            "tussen de vierkante haken hoort een getal of tekst",
            "a number or text should stand between the square brackets",
        ),
        E::MismatchedType(..) => {
            Text::new("hier hoort iets anders te staan", "something else should stand here")
        }
        E::DuplicatedProperty(name) | E::DuplicatedVariable(name) | E::VariableExists(name) => Text::new(
            format!("de naam `{name}` staat er twee keer"),
            format!("the name `{name}` stands there twice"),
        ),
        E::VariableUndefined(name) | E::ModuleUndefined(name) => {
            Text::new(format!("de naam `{name}` is onbekend"), format!("unknown name `{name}`"))
        }
        E::AssignmentToConstant(name) => Text::new(
            format!("de vaste waarde `{name}` kan niet worden veranderd"),
            format!("the constant `{name}` cannot be changed"),
        ),
        E::AssignmentToInvalidLHS(_) => Text::new(
            "hieraan kan geen waarde worden gegeven; vergelijken gaat met ==",
            "this cannot be given a value; to compare, write ==",
        ),
        E::LiteralTooLarge(..) => Text::new("dit is te lang", "this is too long"),
        E::ExprTooDeep => Text::new(
            "dit zit te diep in elkaar; verdeel het in kleinere delen",
            "this is nested too deeply; divide it into smaller parts",
        ),
        E::LoopBreak => {
            Text::new("dit woord kan alleen in een herhaling staan", "this word can stand in a loop only")
        }
        other => function(other),
    }
}

fn input(error: &LexError) -> Text {
    match error {
        LexError::UnterminatedString => Text::new(
            "het aanhalingsteken aan het eind van deze tekst ontbreekt",
            "the quote at the end of this text is missing",
        ),
        LexError::UnexpectedInput(found) => Text::new(
            format!("het teken `{found}` kan hier niet staan"),
            format!("the sign `{found}` cannot stand here"),
        ),
        LexError::MalformedNumber(found) => {
            Text::new(format!("`{found}` is geen getal"), format!("`{found}` is not a number"))
        }
        LexError::MalformedChar(_) => Text::new(
            "een tekst staat tussen dubbele aanhalingstekens: \"…\"",
            "a text stands in double quotes: \"…\"",
        ),
        LexError::MalformedIdentifier(found) => {
            Text::new(format!("`{found}` is geen naam"), format!("`{found}` is not a name"))
        }
        LexError::MalformedEscapeSequence(found) => Text::new(
            format!("`{found}` kan niet in een tekst staan; een \\ schrijft u als \\\\"),
            format!("`{found}` cannot stand in a text; write \\ as \\\\"),
        ),
        LexError::ImproperSymbol(found, _) => {
            Text::new(format!("`{found}` kan hier niet staan"), format!("`{found}` cannot stand here"))
        }
        LexError::StringTooLong(_) => Text::new("deze tekst is te lang", "this text is too long"),
        other => Text::new("dit is niet te lezen", format!("this cannot be read: {other}")),
    }
}

fn missing(token: &str) -> Text {
    match token {
        "" => Text::new("hier ontbreekt iets", "something is missing here"),
        token => Text::new(format!("hier ontbreekt `{token}`"), format!("`{token}` is missing here")),
    }
}

fn function(error: &ParseErrorType) -> Text {
    use ParseErrorType as E;
    match error {
        E::FnDuplicatedDefinition(name, _) => Text::new(
            format!("functie `{name}` staat er twee keer"),
            format!("function `{name}` is defined twice"),
        ),
        E::FnDuplicatedParam(function, name) => Text::new(
            format!("functie `{function}` noemt `{name}` twee keer"),
            format!("function `{function}` names `{name}` twice"),
        ),
        E::WrongFnDefinition => Text::new(
            "een functie staat los in het bestand, niet in een regel",
            "a function stands on its own in the file, not in a rule",
        ),
        E::FnMissingName => Text::new("achter `fn` hoort een naam", "a name should follow `fn`"),
        E::FnMissingParams(name) => Text::new(
            format!("achter de naam van functie `{name}` horen haakjes"),
            format!("brackets should follow the name of function `{name}`"),
        ),
        E::FnMissingBody(name) => Text::new(
            format!("achter functie `{name}` horen accolades met wat zij doet"),
            format!("braces with what it does should follow function `{name}`"),
        ),
        other => Text::new("dit is niet te lezen", format!("this cannot be read: {other}")),
    }
}
