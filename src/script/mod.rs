//! The script engine without any word of ours: the part of Rhai that is used, and the limits on sizes. Rules
//! and the payloads of plugins are both built on it.

pub mod meter;
mod texts;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LanguageCorePackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Engine, OptimizationLevel};

/// The symbols that Rhai has and scripts do without (docs/semantics.md 4.6).
const DISABLED: &[&str] = &[
    "eval",
    "Fn",
    "call",
    "curry",
    "is_shared",
    "is_def_fn",
    "is_def_var",
    "switch",
    "try",
    "while",
    "loop",
    "do",
    "sleep",
    "timestamp",
    "print",
    "debug",
    "import",
    "export",
    "type_of",
    "throw",
    "exit",
    "this",
    "goto",
];

const CALL_LEVELS: usize = 32;
const EXPRESSION_DEPTH: usize = 64;
const FUNCTION_EXPRESSION_DEPTH: usize = 32;
const VARIABLES: usize = 100;
const FUNCTIONS: usize = 1_000;
const ARRAY_ITEMS: usize = 10_000;
const MAP_ITEMS: usize = 1_000;

/// Makes an engine with the plain language and every limit on sizes; whoever uses it sets the budget of
/// operations.
pub fn bare_engine() -> Engine {
    let mut engine = Engine::new_raw();
    for module in [
        LanguageCorePackage::new().as_shared_module(),
        ArithmeticPackage::new().as_shared_module(),
        LogicPackage::new().as_shared_module(),
        BasicStringPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        BasicMathPackage::new().as_shared_module(),
    ] {
        engine.register_global_module(module);
    }
    texts::register(&mut engine);
    for symbol in DISABLED {
        engine.disable_symbol(*symbol);
    }
    engine
        .set_max_call_levels(CALL_LEVELS)
        .set_max_expr_depths(EXPRESSION_DEPTH, FUNCTION_EXPRESSION_DEPTH)
        .set_max_variables(VARIABLES)
        .set_max_functions(FUNCTIONS)
        .set_max_string_size(texts::STRING_BYTES)
        .set_max_array_size(ARRAY_ITEMS)
        .set_max_map_size(MAP_ITEMS);
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_fail_on_invalid_map_property(true);
    engine
}
