//! The closed world: every name in a script is checked when it is loaded, with its place and a suggestion.

use crate::rules::check::types::mistyped;
use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::language::grammar::Statement;
use crate::rules::language::source::RulesetSource;
use crate::rules::language::tree::{field_of_complaint, literals, walk};
use crate::rules::procedure::declared::Procedure;
use crate::rules::statements::script::ScriptFile;
use crate::rules::words::vocabulary::{NAMED_ARGUMENTS, Vocabulary, vocabulary_of};
use crate::rules::words::{EFFECTS, FIELDS, FUNCTIONS, PROPERTIES, VARIABLES};
use rhai::{ASTNode, Dynamic, Expr, FnCallExpr, Position, Stmt, Token};
use std::collections::{BTreeMap, BTreeSet};

/// What a check looks at.
pub(in crate::rules) struct Checked<'a> {
    pub source: &'a RulesetSource,
    pub procedure: &'a Procedure,
    pub files: &'a [ScriptFile],
    pub constants: &'a BTreeMap<String, Dynamic>,
}

/// Where an expression stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Condition,
    RuleBody,
    ActionBody,
    Function,
}

pub(in crate::rules) fn check(checked: &Checked) -> Vec<Diagnostic> {
    let mut lint = Lint { checked, functions: BTreeMap::new(), found: Vec::new() };
    lint.collect_functions();
    lint.unique_names();
    lint.messages();
    for file in checked.files {
        lint.file(file);
    }
    lint.found
}

struct Lint<'a> {
    checked: &'a Checked<'a>,
    /// Script functions and how many parameters each takes.
    functions: BTreeMap<String, usize>,
    found: Vec<Diagnostic>,
}

impl<'a> Lint<'a> {
    fn report(&mut self, file: &str, position: Position, text: impl Into<String>) {
        self.found.push(Diagnostic::at(file, position, text));
    }

    fn collect_functions(&mut self) {
        for file in self.checked.files {
            for function in file.ast.iter_functions() {
                let name = function.name.to_owned();
                if is_host_name(&name) || self.checked.constants.contains_key(&name) {
                    let text = format!("function `{name}` takes a name that Redress uses; choose another");
                    self.found.push(Diagnostic::file(&file.name, text));
                }
                if self.functions.insert(name.clone(), function.params.len()).is_some()
                    && !name.starts_with("anon$")
                {
                    self.found
                        .push(Diagnostic::file(&file.name, format!("function `{name}` is defined twice")));
                }
                // A closure's parameters include what it captures, `complaint` among them.
                let own = !name.starts_with("anon$");
                for parameter in function.params.iter().filter(|p| own && is_host_name(p)) {
                    let text = format!("parameter `{parameter}` of `{name}` takes a name that Redress uses");
                    self.found.push(Diagnostic::file(&file.name, text));
                }
            }
        }
    }

    fn unique_names(&mut self) {
        let mut seen = BTreeMap::new();
        for file in self.checked.files {
            for s in &file.statements {
                let name = s.text("name");
                let place = format!("{}:{}", file.name, s.position.line().unwrap_or(0));
                if name.trim().is_empty() {
                    self.report(&file.name, s.position, format!("this {} needs a name", s.kind));
                }
                if let Some(first) = seen.insert((s.kind, name.clone()), place) {
                    let text = format!("{} \"{name}\" is defined twice; the first is at {first}", s.kind);
                    self.report(&file.name, s.position, text);
                }
            }
        }
    }

    /// Every message exists in Dutch and English (DESIGN §6).
    fn messages(&mut self) {
        let mut languages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (language, message, _) in self.checked.source.messages() {
            languages.entry(message).or_default().insert(language);
        }
        for (message, present) in languages {
            for language in ["nl", "en"].into_iter().filter(|l| !present.contains(l)) {
                let file = format!("messages/{language}/{message}.md");
                self.found.push(Diagnostic::file(
                    &file,
                    format!("message `{message}` does not exist in `{language}`"),
                ));
            }
        }
    }

    fn file(&mut self, file: &'a ScriptFile) {
        let locals = locals(file);
        for local in &locals {
            if is_host_name(&local.0) || self.checked.constants.contains_key(&local.0) {
                self.report(
                    &file.name,
                    local.1,
                    format!("variable `{}` takes a name that is in use", local.0),
                );
            }
        }
        let known: BTreeSet<&str> = locals
            .iter()
            .map(|(n, _)| n.as_str())
            .chain(file.ast.iter_functions().flat_map(|f| f.params))
            .chain(VARIABLES.iter().copied())
            .chain(self.checked.constants.keys().map(String::as_str))
            .collect();
        for s in &file.statements {
            self.statement(file, s, &known);
        }
        file.ast.clone_functions_only().walk(&mut |path| {
            if let Some(node) = path.last() {
                self.node(&file.name, *node, Place::Function, &known);
            }
            true
        });
    }

    fn statement(&mut self, file: &ScriptFile, s: &Statement, known: &BTreeSet<&str>) {
        let body = if s.kind == "action" { Place::ActionBody } else { Place::RuleBody };
        for (part, place) in [
            ("list", Place::Condition),
            ("when", Place::Condition),
            ("every", Place::Condition),
            ("asks", Place::Condition),
            ("then", body),
        ] {
            if let Some(expr) = s.part(part) {
                self.expression(&file.name, expr, place, known);
            }
        }
        match s.kind {
            "action" => self.action(file, s),
            "schedule" => self.schedule(file, s),
            _ => {}
        }
    }

    /// A schedule has no complaint: it can only send.
    fn schedule(&mut self, file: &ScriptFile, s: &Statement) {
        let mut wrong = Vec::new();
        if let Some(then) = s.part("then") {
            walk(then, &mut |node| match node {
                ASTNode::Expr(Expr::Variable(x, _, position))
                    if ["complaint", "it", "input"].contains(&x.1.as_str()) =>
                {
                    wrong.push((x.1.to_string(), *position));
                }
                ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position))
                    if call.name != "notify" && EFFECTS.contains(&call.name.as_str()) =>
                {
                    wrong.push((call.name.to_string(), *position));
                }
                _ => {}
            });
        }
        for (name, position) in wrong {
            self.report(
                &file.name,
                position,
                format!("a schedule has no complaint, so no `{name}`; it can only notify"),
            );
        }
    }

    fn action(&mut self, file: &ScriptFile, s: &Statement) {
        let Some(by) = s.part("by").and_then(literals) else {
            return self.report(&file.name, s.position, "`by` takes a list of role names: by [\"handler\"]");
        };
        let by: Vec<_> = by.into_iter().map(|(n, p)| (n.to_owned(), p)).collect();
        for (role, position) in by {
            self.name(&file.name, position, Vocabulary::Role, &role);
        }
        let Some(asked) = self.asked(s) else {
            let text = "`asks` takes a map: asks #{ reason: text(\"…\") }, or such a map + own_fields()";
            return self.report(&file.name, s.position, text);
        };
        let mut used = Vec::new();
        if let Some(then) = s.part("then") {
            walk(then, &mut |node| {
                if let ASTNode::Expr(Expr::Dot(dot, ..)) = node
                    && let (Expr::Variable(x, ..), Expr::Property(p, position)) = (&dot.lhs, &dot.rhs)
                    && x.1 == "input"
                {
                    used.push((p.2.to_string(), *position));
                }
            });
        }
        for (name, position) in used.into_iter().filter(|(n, _)| !asked.contains(n.as_str())) {
            let text = format!("`input.{name}` is not asked by this action");
            let diagnostic = Diagnostic::at(&file.name, position, text).suggest(&name, asked.iter().copied());
            self.found.push(diagnostic);
        }
    }

    fn expression(&mut self, file: &str, expr: &Expr, place: Place, known: &BTreeSet<&str>) {
        walk(expr, &mut |node| self.node(file, node, place, known));
    }

    fn node(&mut self, file: &str, node: ASTNode, place: Place, known: &BTreeSet<&str>) {
        match node {
            ASTNode::Expr(Expr::Variable(x, _, position))
                if !known.contains(x.1.as_str()) && !self.functions.contains_key(x.1.as_str()) =>
            {
                let diagnostic = Diagnostic::at(file, *position, format!("unknown name `{}`", x.1));
                self.found.push(diagnostic.suggest(&x.1, known.iter().copied()));
            }
            ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)) => {
                self.call(file, call, *position, place);
            }
            ASTNode::Expr(Expr::MethodCall(call, position)) => self.call(file, call, *position, place),
            ASTNode::Expr(Expr::Dot(dot, ..)) => self.property(file, &dot.lhs, &dot.rhs),
            ASTNode::Stmt(Stmt::Assignment(assignment)) => {
                self.assignment(file, &assignment.1.lhs, &assignment.1.rhs)
            }
            _ => {}
        }
    }

    fn call(&mut self, file: &str, call: &FnCallExpr, position: Position, place: Place) {
        let name = call.name.as_str();
        if call.op_token.is_some() {
            if let Some((field, held, literal)) = mistyped(call) {
                let text =
                    format!("complaint.{field} is {held} and is compared with {literal}: that is never so");
                self.report(file, position, text);
            }
            return self.comparison(file, call);
        }
        // Rhai's own call inside a closure that captures something; scripts cannot write it.
        if name == "curry" {
            return;
        }
        if let Some(arity) = self.functions.get(name) {
            if *arity != call.args.len() {
                let text = format!("`{name}` takes {arity} arguments, not {}", call.args.len());
                self.report(file, position, text);
            }
            return;
        }
        let Some((_, arities)) = FUNCTIONS.iter().find(|(n, _)| *n == name) else {
            let known: Vec<String> = self.functions.keys().cloned().collect();
            let known = FUNCTIONS.iter().map(|(n, _)| *n).chain(known.iter().map(String::as_str));
            let diagnostic = Diagnostic::at(file, position, format!("unknown function `{name}`"));
            return self.found.push(diagnostic.suggest(name, known));
        };
        if !arities.contains(&call.args.len()) {
            let takes: Vec<String> = arities.iter().map(ToString::to_string).collect();
            let text = format!("`{name}` takes {} arguments, not {}", takes.join(" or "), call.args.len());
            self.report(file, position, text);
        }
        if place == Place::Condition && EFFECTS.contains(&name) {
            self.report(file, position, format!("`{name}` has an effect; a condition may only look"));
        }
        if name == "refuse" && place == Place::RuleBody {
            self.report(file, position, "only an action can be refused; a rule has nobody to tell");
        }
        for (_, argument, vocabulary) in NAMED_ARGUMENTS.iter().filter(|(n, ..)| *n == name) {
            if let Some(expr) = call.args.get(*argument) {
                self.literal(file, expr, *vocabulary);
            }
        }
        match (name, &call.args[..]) {
            ("notify", [Expr::StringConstant(to, position), ..]) => self.recipient(file, to, *position),
            ("measure", [_, Expr::StringConstant(state, position)]) => {
                self.name(file, *position, Vocabulary::Measure, state);
            }
            _ => {}
        }
    }

    fn recipient(&mut self, file: &str, to: &str, position: Position) {
        if !["complainant", "responsible"].contains(&to) && !to.contains('@') {
            self.name(file, position, Vocabulary::Role, to);
        }
    }

    fn literal(&mut self, file: &str, expr: &Expr, vocabulary: Vocabulary) {
        let Some(names) = literals(expr) else {
            let text =
                format!("write the {} as a text here; a computed name cannot be checked", vocabulary.word());
            return self.report(file, expr.position(), text);
        };
        let names: Vec<_> = names.into_iter().map(|(n, p)| (n.to_owned(), p)).collect();
        for (name, position) in names {
            if !(matches!(vocabulary, Vocabulary::Role) && name == "complainant") {
                self.name(file, position, vocabulary, &name);
            }
        }
    }

    /// `complaint.state == "…"` and its like.
    fn comparison(&mut self, file: &str, call: &FnCallExpr) {
        if !matches!(call.op_token, Some(Token::EqualsTo | Token::NotEqualsTo)) {
            return;
        }
        let (field, text) = match &call.args[..] {
            [field, Expr::StringConstant(text, position)] => (field, Some((text, position))),
            [Expr::StringConstant(text, position), field] => (field, Some((text, position))),
            _ => return,
        };
        let vocabulary = field_of_complaint(field).and_then(vocabulary_of);
        if let (Some(vocabulary), Some((text, position))) = (vocabulary, text) {
            self.name(file, *position, vocabulary, text);
        }
    }

    fn assignment(&mut self, file: &str, to: &Expr, value: &Expr) {
        if let Expr::Variable(x, _, position) = to
            && (is_host_name(&x.1) || self.checked.constants.contains_key(x.1.as_str()))
        {
            self.report(file, *position, format!("`{}` cannot be assigned to", x.1));
        }
        // Rhai does not check what a new key makes of a map's size.
        if let Expr::Index(.., position) = to {
            let text = "an element cannot be assigned; make a new list or map: [ … ], #{ … }";
            self.report(file, *position, text);
        }
        let Some(name) = field_of_complaint(to) else { return };
        if FIELDS.iter().any(|f| f.name == name && !f.is_writable()) {
            self.report(
                file,
                to.position(),
                format!("complaint.{name} is set by Redress and cannot be assigned"),
            );
        }
        if let (Some(vocabulary), Expr::StringConstant(text, position)) = (vocabulary_of(name), value) {
            self.name(file, *position, vocabulary, text);
        }
    }

    fn property(&mut self, file: &str, left: &Expr, right: &Expr) {
        let Expr::Variable(owner, ..) = left else { return };
        let (name, position, rest) = match right {
            Expr::Property(p, position) => (p.2.as_str(), *position, None),
            Expr::Dot(dot, ..) => match &dot.lhs {
                Expr::Property(p, position) => (p.2.as_str(), *position, Some(&dot.rhs)),
                _ => return,
            },
            _ => return,
        };
        match owner.1.as_str() {
            "complaint" => {
                let groups = ["flags", "counters", "extra"];
                let known: Vec<&str> = FIELDS.iter().map(|f| f.name).chain(groups).collect();
                if !known.contains(&name) {
                    let text = format!("a complaint has no field `{name}`");
                    self.found.push(Diagnostic::at(file, position, text).suggest(name, known));
                } else if let Some(Expr::Property(p, position)) = rest {
                    self.group(file, name, &p.2, *position);
                }
            }
            "it" if !PROPERTIES.iter().any(|(p, _)| *p == name) => {
                let diagnostic = Diagnostic::at(file, position, format!("`it` has no field `{name}`"));
                self.found.push(diagnostic.suggest(name, PROPERTIES.iter().map(|(p, _)| *p)));
            }
            _ => {}
        }
    }

    /// The names that an action asks for; none when `asks` is no map.
    fn asked<'s>(&self, s: &'s Statement) -> Option<BTreeSet<&'s str>>
    where
        'a: 's,
    {
        let names = |expr: &'s Expr| match expr {
            Expr::Map(map, _) => Some(map.0.iter().map(|(name, _)| name.name.as_str()).collect()),
            _ => None,
        };
        match s.part("asks") {
            None => Some(BTreeSet::new()),
            Some(Expr::FnCall(call, _)) if call.name == "+" => match &call.args[..] {
                [map, Expr::FnCall(own, _)] if own.name == "own_fields" => {
                    let mut asked: BTreeSet<&str> = names(map)?;
                    asked.extend(self.checked.procedure.extra.keys().map(|k| k.as_str()));
                    Some(asked)
                }
                _ => None,
            },
            Some(expr) => names(expr),
        }
    }

    fn group(&mut self, file: &str, group: &str, name: &str, position: Position) {
        let procedure = self.checked.procedure;
        let (declared, place): (Vec<&str>, _) = match group {
            "flags" => (procedure.flags.keys().map(|k| k.as_str()).collect(), "procedure.toml"),
            "counters" => (procedure.counters.keys().map(|k| k.as_str()).collect(), "procedure.toml"),
            "extra" => (procedure.extra.keys().map(|k| k.as_str()).collect(), "redress.toml"),
            _ => return,
        };
        if !declared.contains(&name) {
            let text = format!("`{name}` is not declared under [{group}] in {place}");
            self.found.push(Diagnostic::at(file, position, text).suggest(name, declared));
        }
    }

    fn name(&mut self, file: &str, position: Position, vocabulary: Vocabulary, name: &str) {
        let known = vocabulary.names(self.checked);
        if !known.contains(&name) {
            let text = format!("{} `{name}` does not exist", vocabulary.word());
            let diagnostic = Diagnostic::at(file, position, text).suggest(name, known);
            self.found.push(diagnostic);
        }
    }
}

fn is_host_name(name: &str) -> bool {
    VARIABLES.contains(&name) || FUNCTIONS.iter().any(|(f, _)| *f == name)
}

/// Names given by `let` and `for` anywhere in the file.
fn locals(file: &ScriptFile) -> Vec<(String, Position)> {
    let mut found = Vec::new();
    file.ast.walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(var, flags, position)))
                if !flags.contains(rhai::ASTFlags::CONSTANT) =>
            {
                found.push((var.0.name.to_string(), *position));
            }
            Some(ASTNode::Stmt(Stmt::For(x, position))) => {
                found.push((x.0.name.to_string(), *position));
                found.extend(x.1.iter().map(|counter| (counter.name.to_string(), *position)));
            }
            _ => {}
        }
        true
    });
    found
}
