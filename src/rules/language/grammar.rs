//! The four statements that Redress adds to Rhai: `rule`, `action`, `schedule`, `scenario`.

use rhai::{AST, CustomExpr, Dynamic, Engine, Expr, ImmutableString, ParseError, Position, Stmt};

/// The statements that Redress adds to Rhai.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) enum StatementKind {
    Rule,
    Action,
    Schedule,
    Scenario,
}

impl StatementKind {
    /// Returns the word that begins such a statement.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Action => "action",
            Self::Schedule => "schedule",
            Self::Scenario => "scenario",
        }
    }
}

/// One step of a statement's grammar: the part that follows a part, given the next word.
type Next = fn(stage: &str, ahead: &str) -> Option<&'static str>;

/// A statement as parsed: its kind, and the parts in order, each under its own name.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Statement {
    pub kind: StatementKind,
    parts: Vec<(&'static str, Expr)>,
    pub position: Position,
    /// What it says but for its name; empty in scenarios.
    pub text: String,
}

impl Statement {
    fn part(&self, name: &str) -> Option<&Expr> {
        self.parts.iter().find(|(n, _)| *n == name).map(|(_, e)| e)
    }

    /// Returns the list that `for` looks at.
    pub fn list(&self) -> Option<&Expr> {
        self.part("list")
    }

    /// Returns the condition after `when`.
    pub fn condition(&self) -> Option<&Expr> {
        self.part("when")
    }

    /// Returns the span after `every`.
    pub fn every(&self) -> Option<&Expr> {
        self.part("every")
    }

    /// Returns the block after `then`.
    pub fn body(&self) -> Option<&Expr> {
        self.part("then")
    }

    /// Returns what an action asks.
    pub fn asks(&self) -> Option<&Expr> {
        self.part("asks")
    }

    /// Returns the roles that may do an action.
    pub fn by(&self) -> Option<&Expr> {
        self.part("by")
    }

    /// Returns the name of a rule, schedule or scenario, or the id of an action.
    pub fn name(&self) -> String {
        self.text("name")
    }

    /// Returns the id of an action.
    pub fn id(&self) -> Option<&str> {
        match self.part("name")? {
            Expr::Variable(x, ..) => Some(x.1.as_str()),
            Expr::StringConstant(text, _) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Returns what people see of an action.
    pub fn label(&self) -> String {
        self.text("label")
    }

    /// Returns when a schedule runs.
    pub fn cron(&self) -> String {
        self.text("cron")
    }

    /// Returns every part in which expressions stand.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        [self.list(), self.condition(), self.every(), self.by(), self.asks(), self.body()]
            .into_iter()
            .flatten()
    }

    fn text(&self, name: &str) -> String {
        match self.part(name) {
            Some(Expr::StringConstant(text, _)) => text.to_string(),
            Some(Expr::Variable(x, ..)) => x.1.to_string(),
            _ => String::new(),
        }
    }
}

const STATEMENTS: &[(StatementKind, Next)] = &[
    (StatementKind::Rule, rule),
    (StatementKind::Action, action),
    (StatementKind::Schedule, schedule),
    (StatementKind::Scenario, scenario),
];

fn rule(stage: &str, ahead: &str) -> Option<&'static str> {
    Some(match (stage, ahead) {
        ("", _) => "$string$name",
        ("$string$name", "for") => "for",
        ("for", _) => "$expr$list",
        ("$string$name" | "$expr$list", _) => "when",
        ("when", _) => "$expr$when",
        ("$expr$when", "every") => "every",
        ("every", _) => "$expr$every",
        ("$expr$when" | "$expr$every", _) => "then",
        ("then", _) => "$block$then",
        _ => return None,
    })
}

fn action(stage: &str, ahead: &str) -> Option<&'static str> {
    Some(match (stage, ahead) {
        ("", _) => "$ident$name",
        ("$ident$name", _) => "$string$label",
        ("$string$label", _) => "by",
        ("by", _) => "$expr$by",
        ("$expr$by", "asks") => "asks",
        ("asks", _) => "$expr$asks",
        ("$expr$by" | "$expr$asks", _) => "when",
        ("when", _) => "$expr$when",
        ("$expr$when", _) => "then",
        ("then", _) => "$block$then",
        _ => return None,
    })
}

fn schedule(stage: &str, _: &str) -> Option<&'static str> {
    Some(match stage {
        "" => "$string$name",
        "$string$name" => "cron",
        "cron" => "$string$cron",
        "$string$cron" => "then",
        "then" => "$block$then",
        _ => return None,
    })
}

fn scenario(stage: &str, _: &str) -> Option<&'static str> {
    Some(match stage {
        "" => "$string$name",
        "$string$name" => "$block$then",
        _ => return None,
    })
}

/// Teaches `engine` to parse the statements. They are taken from the AST and never run as statements.
pub(in crate::rules) fn register(engine: &mut Engine) {
    for (kind, next) in STATEMENTS {
        let next = *next;
        engine.register_custom_syntax_with_state_raw(
            kind.keyword(),
            move |_: &[ImmutableString], ahead: &str, state: &mut Dynamic| -> Result<_, ParseError> {
                let stages = state.clone().into_string().unwrap_or_default();
                let stage = stages.rsplit(' ').next().unwrap_or_default();
                let Some(expected) = next(stage, ahead) else { return Ok(None) };
                *state = format!("{stages} {expected}").into();
                Ok(Some(marker(expected).into()))
            },
            false,
            |_, _, _| Err("this statement stands at the top level of a rule file only".into()),
        );
    }
}

/// Returns the parser's marker of a part, without the part's name: `$expr$` of `$expr$list`.
fn marker(stage: &str) -> &str {
    match stage.rfind('$') {
        Some(end) => &stage[..=end],
        None => stage,
    }
}

/// Returns the statements of a file in order, and its other top-level statements.
pub(in crate::rules) fn statements(ast: &AST) -> (Vec<Statement>, Vec<&Stmt>) {
    let mut ours = Vec::new();
    let mut others = Vec::new();
    for statement in ast.statements() {
        match statement {
            Stmt::Expr(expr) => match &**expr {
                Expr::Custom(custom, position) => match read(custom, *position) {
                    Some(read) => ours.push(read),
                    None => others.push(statement),
                },
                _ => others.push(statement),
            },
            Stmt::Noop(_) => {}
            _ => others.push(statement),
        }
    }
    (ours, others)
}

fn read(custom: &CustomExpr, position: Position) -> Option<Statement> {
    let keyword = custom.tokens.first()?;
    let (kind, next) = STATEMENTS.iter().find(|(k, _)| k.keyword() == keyword.as_str())?;
    let words = &custom.tokens;
    let mut parts = Vec::new();
    let mut inputs = custom.inputs.iter();
    let mut stage = "";
    for token in words.iter().skip(1) {
        // The token that was accepted is the look-ahead that chose it.
        stage = next(stage, token)?;
        if let Some(name) = stage.rsplit('$').next().filter(|_| stage.starts_with('$')) {
            parts.push((name, inputs.next()?.clone()));
        }
    }
    Some(Statement { kind: *kind, parts, position, text: String::new() })
}

/// Leaves out the positions that Rhai's debug output writes as `@ 3:14`; the same statement on another line
/// is the same statement.
pub(in crate::rules) fn without_places(debug: &str) -> String {
    let mut text = String::with_capacity(debug.len());
    let mut rest = debug;
    while let Some((before, after)) = rest.split_once(" @ ") {
        text.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':' || c == '-');
    }
    text.push_str(rest);
    text
}
