//! `Machine`: the Rhai engine of a ruleset, and the one place where its expressions are evaluated.

use crate::rules::language::{grammar, limits};
use crate::rules::words;
use crate::rules::words::context::{ComplaintHandle, Eval, Failure, Phase, Tag};
use crate::rules::words::moments::{Now, ScriptMoment, Today};
use crate::script::{bare_engine, meter};
use rhai::{AST, Dynamic, Engine, EvalAltResult, EvalContext, Expr, Expression, Scope};
use std::sync::{Arc, Mutex, PoisonError};

/// The statement of the driver, whose callback hands the evaluation context to our own code.
const DRIVER: &str = "redress_evaluate";

/// What became of an expression.
pub(in crate::rules) struct Evaluated {
    pub outcome: Result<Dynamic, Failure>,
    /// The steps that it took.
    pub steps: u64,
}

/// The engine at work for one job.
pub(in crate::rules) trait Interpreter {
    /// Enters the decision whose facts the scripts are to see.
    fn enter(&mut self, eval: &Arc<Eval>);

    /// Leaves the decision: scripts see no facts any more.
    fn leave(&mut self);

    /// Evaluates one expression in so many steps at most; a bare `return` ends that expression only.
    fn evaluate(&mut self, expr: &Expr, steps: u64) -> Evaluated;
}

impl Interpreter for EvalContext<'_, '_, '_, '_, '_, '_> {
    fn enter(&mut self, eval: &Arc<Eval>) {
        *self.tag_mut() = Dynamic::from(Tag(Arc::clone(eval)));
    }

    fn leave(&mut self) {
        *self.tag_mut() = Dynamic::UNIT;
    }

    fn evaluate(&mut self, expr: &Expr, steps: u64) -> Evaluated {
        let outer = meter::begin(steps);
        let variables = self.scope().len();
        let level = self.global_runtime_state().level;
        let outcome = match self.eval_expression_tree(&Expression::from(expr)) {
            // A native callback, such as that of `sort`, may swallow the stop.
            Ok(_) if meter::is_spent() => Err(meter::stopped()),
            Ok(value) => Ok(value),
            Err(failure) => {
                self.scope_mut().rewind(variables);
                self.global_runtime_state_mut().level = level;
                match *failure {
                    EvalAltResult::Return(value, _) => Ok(value),
                    other => Err(other.into()),
                }
            }
        };
        Evaluated { outcome, steps: meter::end(&outer) }
    }
}

type Job = Box<dyn FnOnce(&mut dyn Interpreter) + Send>;

/// Carries a job to the driver's callback.
#[derive(Clone)]
struct Baton(Arc<Mutex<Option<Job>>>);

pub(in crate::rules) struct Machine {
    engine: Engine,
    driver: AST,
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Machine")
    }
}

impl Machine {
    /// Makes an engine that finds constants through `constant`.
    pub fn new(constant: impl Fn(&str) -> Option<Dynamic> + Send + Sync + 'static) -> Self {
        let mut engine = bare_engine();
        limits::set(&mut engine);
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
            if let Some(value) = host_variable(name, context.tag()) {
                return Ok(Some(value));
            }
            let constant = constant(name);
            if let Some(value) = constant.as_ref().or_else(|| context.scope().get(name)) {
                meter::read(value)?;
            }
            Ok(constant)
        });
        let driver = engine.compile(format!("{DRIVER} baton")).unwrap_or_default();
        Self { engine, driver }
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

    /// Runs `job` where every function is visible, and brings its result out. What Rhai has resolved stays
    /// resolved for the whole job, so many evaluations in one job are cheaper than many jobs. None if the
    /// engine could not be entered, which no script can bring about.
    pub fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Interpreter) -> T + Send + 'static,
    ) -> Option<T> {
        let slot = Arc::new(Mutex::new(None));
        let result = Arc::clone(&slot);
        let job: Job = Box::new(move |interpreter| {
            let value = job(interpreter);
            *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        });
        let mut scope = Scope::new();
        scope.push("baton", Baton(Arc::new(Mutex::new(Some(job)))));
        // The driver is one statement that cannot fail; failures of scripts stay inside the job.
        let _ = self.engine.run_ast_with_scope(&mut scope, &self.driver);
        slot.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
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
