//! Where scenarios stand.

use super::scenario::{parse, scripts};
use crate::rules::language::grammar::Statement;
use std::collections::BTreeMap;

/// Returns the file and the line of each scenario, by its name; a file that does not parse has none.
pub fn scenario_places(files: &BTreeMap<String, String>) -> impl Iterator<Item = (String, (String, usize))> {
    let parsed = scripts(files).filter_map(|(file, text)| Some((file, parse(file, text).ok()?.0)));
    parsed.flat_map(|(file, scenarios)| {
        let place = |s: &Statement| (s.name(), (file.clone(), s.position.line().unwrap_or(1)));
        scenarios.iter().map(place).collect::<Vec<_>>()
    })
}
