//! What the rendering of one part of a message may use up: steps, what its filters make, what it writes. Every template
//! is rendered here.

use super::filters;
use super::mistake::TooMuch;
use minijinja::value::{Object, Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Template, UndefinedBehavior, Value};
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The most steps of the template engine: some thousand lines of a table.
const STEPS: u64 = 50_000;
/// The deepest nesting of a rendering.
const DEPTH: usize = 100;
/// The most bytes that are written. A letter that quotes the longest mail there can be is shorter.
const WRITTEN: usize = 4 << 20;
/// The most bytes that all filters together make.
const MADE: usize = 4 << 20;
/// The most items of a list that a filter takes.
const ITEMS: usize = 10_000;
/// The most numbers of a `range`.
const RANGE: i64 = 1_000;

/// The functions that templates may call.
pub(super) const FUNCTIONS: &[&str] = &["range"];

/// What may follow `is`. The template engine has these, and others that are of no use in a letter.
pub(super) const TESTS: &[&str] = &[
    "defined",
    "undefined",
    "none",
    "true",
    "false",
    "boolean",
    "odd",
    "even",
    "divisibleby",
    "number",
    "integer",
    "float",
    "string",
    "sequence",
    "iterable",
    "mapping",
    "startingwith",
    "endingwith",
    "containing",
    "lower",
    "upper",
    "sameas",
    "safe",
    "escaped",
    "eq",
    "equalto",
    "ne",
    "lt",
    "lessthan",
    "le",
    "gt",
    "greaterthan",
    "ge",
    "in",
    "int",
];

type MakeFilter = fn() -> Value;

/// The filters, by name.
pub(super) const FILTERS: &[(&str, MakeFilter)] = {
    use minijinja::filters as f;
    &[
        ("abs", || Value::from_function(f::abs)),
        ("attr", || Value::from_function(f::attr)),
        ("bool", || Value::from_function(f::bool)),
        ("capitalize", || Value::from_function(f::capitalize)),
        ("count", || Value::from_function(f::length)),
        ("d", || Value::from_function(f::default)),
        ("date", || Value::from_function(filters::date)),
        ("default", || Value::from_function(f::default)),
        ("dictsort", || Value::from_function(f::dictsort)),
        ("first", || Value::from_function(f::first)),
        ("float", || Value::from_function(f::float)),
        ("groupby", || Value::from_function(f::groupby)),
        ("int", || Value::from_function(f::int)),
        ("items", || Value::from_function(f::items)),
        ("join", || Value::from_function(join)),
        ("last", || Value::from_function(f::last)),
        ("length", || Value::from_function(f::length)),
        ("lines", || Value::from_function(f::lines)),
        ("list", || Value::from_function(f::list)),
        ("lower", || Value::from_function(f::lower)),
        ("map", || Value::from_function(f::map)),
        ("max", || Value::from_function(f::max)),
        ("min", || Value::from_function(f::min)),
        ("moment", || Value::from_function(filters::moment)),
        ("reject", || Value::from_function(f::reject)),
        ("rejectattr", || Value::from_function(f::rejectattr)),
        ("replace", || Value::from_function(replace)),
        ("reverse", || Value::from_function(f::reverse)),
        ("select", || Value::from_function(f::select)),
        ("selectattr", || Value::from_function(f::selectattr)),
        ("sort", || Value::from_function(f::sort)),
        ("split", || Value::from_function(f::split)),
        ("string", || Value::from_function(f::string)),
        ("term", || Value::from_function(filters::term)),
        ("title", || Value::from_function(f::title)),
        ("trim", || Value::from_function(f::trim)),
        ("unique", || Value::from_function(f::unique)),
        ("upper", || Value::from_function(f::upper)),
    ]
};

/// Makes an environment that has the filters, functions and limits of messages, and no other.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_keep_trailing_newline(true);
    environment.set_fuel(Some(STEPS));
    environment.set_recursion_limit(DEPTH);
    for (name, make) in FILTERS {
        let filter = make();
        environment.add_filter(*name, move |state: &State, arguments: Rest<Value>| {
            metered(state, &filter, &arguments)
        });
    }
    environment.add_function("range", range);
    environment
}

/// Renders a template; one that needs more than it may is an error.
pub(super) fn render(template: &Template<'_, '_>, context: &Value) -> Result<String, Error> {
    let mut written = Written(Vec::new());
    match template.render_captured_to(context, &mut written) {
        Ok(_) => {}
        Err(e) if e.kind() == ErrorKind::WriteFailure => {
            return Err(too_much(TooMuch::Written));
        }
        Err(e) => return Err(e),
    }
    String::from_utf8(written.0).map_err(|_| ErrorKind::WriteFailure.into())
}

struct Written(Vec<u8>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > WRITTEN {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes that the filters of one rendering have made.
#[derive(Debug, Default)]
struct Made(AtomicUsize);

impl Object for Made {}

/// Applies a filter, and counts what it makes.
fn metered(state: &State, filter: &Value, arguments: &[Value]) -> Result<Value, Error> {
    let is_long =
        |v: &&Value| matches!(v.kind(), ValueKind::Seq | ValueKind::Iterable) && v.len() > Some(ITEMS);
    if arguments.iter().any(|v| is_long(&v)) {
        return Err(too_much(TooMuch::Items));
    }
    let made = filter.call(state, arguments)?;
    let counted = state.get_or_set_temp_object("made", Made::default);
    let bytes = size(&made);
    if counted.0.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) > MADE {
        return Err(too_much(TooMuch::Made));
    }
    Ok(made)
}

/// Returns about how many bytes a value takes.
fn size(value: &Value) -> usize {
    const ITEM: usize = 32;
    match value.as_str() {
        Some(text) => text.len(),
        None => value.len().unwrap_or(1).saturating_mul(ITEM),
    }
}

fn too_much(passed: TooMuch) -> Error {
    Error::from(ErrorKind::InvalidOperation).with_source(passed)
}

/// Returns the numbers from the first up to, not including, the second; from zero up to one alone.
fn range(first: i64, end: Option<i64>) -> Result<Value, Error> {
    let (first, end) = end.map_or((0, first), |end| (first, end));
    match end.saturating_sub(first) {
        ..=RANGE => Ok((first..end).map(Value::from).collect()),
        _ => Err(too_much(TooMuch::Range)),
    }
}

/// Puts the items of a list after each other, unless that gets too long.
fn join(state: &State, list: Value, between: Option<Value>) -> Result<Value, Error> {
    let between = between.unwrap_or_else(|| Value::from(""));
    let mut bytes = 0_usize;
    for item in list.try_iter()? {
        bytes += size(&item) + size(&between);
        if bytes > MADE {
            return Err(too_much(TooMuch::Made));
        }
    }
    Value::from_function(minijinja::filters::join).call(state, &[list, between])
}

/// Replaces a text in another, unless that gets too long.
fn replace(state: &State, text: Value, from: Value, to: Value) -> Result<Value, Error> {
    let (whole, part) = (text.to_string(), from.to_string());
    let bytes = whole.matches(part.as_str()).count().saturating_mul(size(&to)).saturating_add(whole.len());
    if bytes > MADE {
        return Err(too_much(TooMuch::Made));
    }
    Value::from_function(minijinja::filters::replace).call(state, &[text, from, to])
}
