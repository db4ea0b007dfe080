//! `Machine`: the Rhai engine of a ruleset, and the one place where its expressions are evaluated.

use crate::rules::language::{grammar, limits};
use crate::rules::words;
use crate::rules::words::context::ComplaintHandle;
use crate::rules::words::context::{Eval, Phase, Tag};
use crate::rules::words::moments::{Now, ScriptMoment, Today};
use crate::script::bare_engine;
use rhai::{AST, Dynamic, Engine, EvalContext, Scope};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// The statement of the driver, whose callback hands the evaluation context to our own code.
const DRIVER: &str = "redress_evaluate";

type Job = Box<dyn FnOnce(&mut EvalContext) + Send>;

#[derive(Clone)]
struct Baton(Arc<Mutex<Option<Job>>>);

pub(in crate::rules) struct Machine {
    engine: Engine,
    driver: AST,
    /// Raised by whoever watches the wall clock; evaluations then end as an infrastructure error.
    pub cancelled: Arc<AtomicBool>,
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Machine")
    }
}

impl Machine {
    /// An engine that finds constants through `constant`.
    pub fn new(constant: impl Fn(&str) -> Option<Dynamic> + Send + Sync + 'static) -> Self {
        let cancelled = Arc::new(AtomicBool::new(false));
        let mut engine = bare_engine();
        limits::set(&mut engine, Arc::clone(&cancelled));
        grammar::register(&mut engine);
        words::register(&mut engine);
        engine.register_custom_syntax_with_state_raw(
            DRIVER,
            |symbols, _, _| Ok((symbols.len() == 1).then(|| "$ident$".into())),
            false,
            |context, inputs, _| {
                let baton =
                    inputs[0].get_string_value().and_then(|name| context.scope().get_value::<Baton>(name));
                let job = baton.and_then(|b| b.0.lock().unwrap_or_else(PoisonError::into_inner).take());
                if let Some(job) = job {
                    job(context);
                }
                Ok(Dynamic::UNIT)
            },
        );
        // Rhai marks this as unstable API, not as obsolete; the version is pinned.
        #[expect(deprecated, reason = "Rhai's mark for an API that may change; the version is pinned")]
        engine.on_var(move |name, _, context| {
            Ok(host_variable(name, context.tag()).or_else(|| constant(name)))
        });
        let driver = engine.compile(format!("{DRIVER} baton")).unwrap_or_default();
        Self { engine, driver, cancelled }
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn engine_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// Makes the functions of `file` callable.
    pub fn add_functions(&mut self, file: &AST) {
        self.driver = self.driver.merge(&file.clone_functions_only());
    }

    /// Runs `job` with an evaluation context in which every function is visible. What Rhai has resolved
    /// stays resolved for the whole job, so many evaluations in one job are cheaper than many jobs.
    pub fn run(&self, job: impl FnOnce(&mut EvalContext) + Send + 'static) {
        let mut scope = Scope::new();
        scope.push("baton", Baton(Arc::new(Mutex::new(Some(Box::new(job))))));
        // The driver is one statement that cannot fail; failures of scripts stay inside the job.
        let _ = self.engine.run_ast_with_scope(&mut scope, &self.driver);
    }
}

/// Enters the decision whose facts the scripts are to see.
pub(in crate::rules) fn enter(context: &mut EvalContext, eval: &Arc<Eval>) {
    *context.tag_mut() = Dynamic::from(Tag(Arc::clone(eval)));
}

fn host_variable(name: &str, tag: &Dynamic) -> Option<Dynamic> {
    if !words::VARIABLES.contains(&name) {
        return None;
    }
    let eval = tag.read_lock::<Tag>().map(|t| Arc::clone(&t.0))?;
    if name == "complaint" {
        return Some(Dynamic::from(ComplaintHandle(eval)));
    }
    let working = eval.working();
    let is_opaque = matches!(working.phase, Phase::Condition | Phase::Offer);
    Some(match name {
        "now" if is_opaque => Dynamic::from(Now),
        "now" => Dynamic::from(ScriptMoment::from(eval.now)),
        "today" if is_opaque => Dynamic::from(Today),
        "today" => Dynamic::from(eval.today),
        "it" => working.it.clone().map_or(Dynamic::UNIT, Dynamic::from),
        "input" => Dynamic::from(working.input.clone()),
        _ => Dynamic::from(working.actor.clone()),
    })
}
