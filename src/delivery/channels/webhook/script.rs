//! `payload.rhai`: a plugin's own body, made of the event by a script without effects.

use super::values::Values;
use crate::delivery::channels::transport::{PluginSource, SCRIPT};
use crate::delivery::error::PluginError;
use crate::script::meter::Stop;
use crate::script::{bare_engine, meter};
use rhai::{AST, Dynamic, Engine, Map, Scope};
use serde_json::Value;

/// The most work of one script, counted as for rules (docs/semantics.md 4.5).
const STEPS: u64 = 100_000;
/// A body larger than this is a mistake.
const MAX_BYTES: usize = 1 << 20;

/// A compiled `fn payload(n)`.
pub(super) struct PayloadScript {
    engine: Engine,
    ast: AST,
    /// Stands around the name of a secret in the texts of scripts, which never see its value; nobody can guess it.
    marker: String,
}

impl std::fmt::Debug for PayloadScript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PayloadScript")
    }
}

impl PayloadScript {
    /// Reads the script of a plugin's folder, when it has one.
    pub fn of_plugin(source: &PluginSource) -> Result<Option<Self>, PluginError> {
        let Some(folder) = source.folder() else { return Ok(None) };
        let path = folder.join(SCRIPT);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => {
                return Err(PluginError::new(path.display().to_string(), e.to_string(), "make it readable"));
            }
        };
        Self::compile(&text, &path.display().to_string()).map(Some)
    }

    fn compile(text: &str, place: &str) -> Result<Self, PluginError> {
        let mut engine = bare_engine();
        meter::set(&mut engine, || false);
        meter::count_variables(&mut engine);
        engine.set_strict_variables(true);
        // Rules cannot even name these; here they are there and refuse.
        let refuse = |name: &str| -> Result<Dynamic, Box<rhai::EvalAltResult>> {
            Err(format!("`{name}` is not for payload scripts").into())
        };
        engine.register_fn("sleep", move |_: i64| refuse("sleep"));
        engine.register_fn("sleep", move |_: f64| refuse("sleep"));
        engine.register_fn("print", move |_: Dynamic| refuse("print"));
        engine.register_fn("debug", move |_: Dynamic| refuse("debug"));
        let marker = crate::random::hex::<16>();
        let around = marker.clone();
        engine.register_fn("secret", move |name: &str| format!("{around}{name}{around}"));
        let ast = engine.compile(text).map_err(|e| {
            let at = e.position();
            let place = format!("{place}:{}:{}", at.line().unwrap_or(1), at.position().unwrap_or(1));
            PluginError::new(place, e.err_type().to_string(), "plugins/README.md shows a payload script")
        })?;
        let is_there = ast.iter_functions().any(|f| f.name == "payload" && f.params.len() == 1);
        if !is_there {
            return Err(PluginError::new(
                place,
                "there is no fn payload(n)",
                "write fn payload(n) { #{ … } }",
            ));
        }
        Ok(Self { engine, ast, marker })
    }

    /// Returns the body of a delivery; its event holds its `id`.
    ///
    /// # Errors
    /// In words for the integrator, with line and column.
    pub fn render(&self, event: &Value, values: &Values<'_>) -> Result<Value, String> {
        let input = self.engine.parse_json(event.to_string(), true).map_err(|e| e.to_string())?;
        let called = meter::run(STEPS, || {
            self.engine.call_fn::<Dynamic>(&mut Scope::new(), &self.ast, "payload", (Dynamic::from(input),))
        });
        let made = called.map_err(|e| {
            let at = e.position();
            let place = format!("{SCRIPT}:{}:{}", at.line().unwrap_or(0), at.position().unwrap_or(0));
            let mut inner = *e;
            while let rhai::EvalAltResult::ErrorInFunctionCall(.., deeper, _) = inner {
                inner = *deeper;
            }
            if let rhai::EvalAltResult::ErrorTerminated(token, _) = &inner
                && token.is::<Stop>()
            {
                return format!("{place}: it takes more work than it may; make its loops and lists shorter");
            }
            let text = inner.to_string();
            format!("{place}: {}", text.split(" (line").next().unwrap_or(&text))
        })?;
        if !made.is::<Map>() && !made.is::<rhai::Array>() {
            return Err(format!("{SCRIPT}: payload(n) must return a map, #{{ … }}, or an array, [ … ]"));
        }
        let value = self.to_json(&made, values)?;
        match value.to_string().len() {
            0..=MAX_BYTES => Ok(value),
            n => Err(format!("{SCRIPT}: the body has {n} bytes; at most 1 MiB is sent")),
        }
    }

    fn to_json(&self, value: &Dynamic, values: &Values<'_>) -> Result<Value, String> {
        if value.is_unit() {
            return Ok(Value::Null);
        }
        if let Ok(b) = value.as_bool() {
            return Ok(b.into());
        }
        if let Ok(n) = value.as_int() {
            return Ok(n.into());
        }
        if let Ok(x) = value.as_float() {
            return Ok(serde_json::json!(x));
        }
        if let Ok(text) = value.clone().into_string() {
            return self.with_secrets(&text, values).map(Value::String);
        }
        if let Some(list) = value.read_lock::<rhai::Array>() {
            return list.iter().map(|item| self.to_json(item, values)).collect();
        }
        if let Some(map) = value.read_lock::<Map>() {
            let entries = map.iter().map(|(k, v)| Ok((k.to_string(), self.to_json(v, values)?)));
            return entries.collect::<Result<serde_json::Map<_, _>, String>>().map(Value::Object);
        }
        Err(format!("{SCRIPT}: a {} cannot be sent as JSON", value.type_name()))
    }

    /// Puts the secrets in a text in the places of their names.
    fn with_secrets(&self, text: &str, values: &Values<'_>) -> Result<String, String> {
        let mut whole = String::with_capacity(text.len());
        for (i, piece) in text.split(self.marker.as_str()).enumerate() {
            match i % 2 {
                0 => whole.push_str(piece),
                _ => whole.push_str(values.named(piece).map_err(|why| format!("{SCRIPT}: {why}"))?.expose()),
            }
        }
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::{Readings, Secret};
    use serde_json::json;
    use std::collections::BTreeMap;

    fn rendered(script: &PayloadScript, event: &Value) -> Result<Value, String> {
        let named = BTreeMap::from([("key".to_owned(), Secret::Env("PATH".to_owned()))]);
        script.render(event, &Values::hidden(&named))
    }

    fn payload(body: &str) -> PayloadScript {
        PayloadScript::compile(body, "plugins/x/payload.rhai").expect("compiles")
    }

    #[test]
    fn a_script_makes_the_body() {
        let script = payload(
            "fn payload(n) { #{ id: n.id, text: `${n.data.number}: ${n.type}`, list: [1, 2.5, true, ()] } }",
        );
        let event = json!({"id": "d1", "type": "event.entered", "data": {"number": "K-2026-0001"}});
        let made = rendered(&script, &event).expect("renders");
        assert_eq!(
            made,
            json!({"id": "d1", "text": "K-2026-0001: event.entered", "list": [1, 2.5, true, null]})
        );
    }

    #[test]
    fn faults_name_line_and_column() {
        let event = json!({"type": "x"});
        let fault = rendered(&payload("fn payload(n) {\n  #{ a: n.nmae }\n}"), &event).expect_err("misspelt");
        assert!(fault.starts_with("payload.rhai:2:") && fault.contains("nmae"), "{fault}");
        let fault = rendered(&payload("fn payload(n) { for i in 0..1000000 { } #{} }"), &event);
        assert!(fault.expect_err("budget").contains("more work than it may"));
        assert!(
            rendered(&payload("fn payload(n) { 1 }"), &event).expect_err("no map").contains("must return")
        );
        let wrong =
            PayloadScript::compile("fn payload(n) { #{ a: } }", "p/payload.rhai").expect_err("syntax");
        assert!(wrong.place.starts_with("p/payload.rhai:1:"), "{wrong}");
        assert!(PayloadScript::compile("let a = 1;", "p").expect_err("nothing").why.contains("fn payload"));
    }

    #[test]
    fn a_body_may_be_an_array_and_hold_secrets_that_scripts_cannot_read() {
        let script =
            payload("fn payload(n) { [#{ key: secret(\"key\"), text: `Bearer ${secret(\"key\")}!` }] }");
        let made = json!([{"key": "(secret)", "text": "Bearer (secret)!"}]);
        assert_eq!(rendered(&script, &json!({})), Ok(made));
        let (read, revealed) =
            (Readings::default(), BTreeMap::from([("key".to_owned(), Secret::Env("PATH".to_owned()))]));
        let revealed = script.render(&json!({}), &Values::revealed(&revealed, &read)).expect("renders");
        assert_eq!(revealed[0]["key"].as_str(), std::env::var("PATH").ok().as_deref());
        let probing = payload(
            "fn payload(n) { #{ seen: secret(\"key\").contains(\"(secret)\") || secret(\"key\").contains(\"/\") } }",
        );
        assert_eq!(rendered(&probing, &json!({})), Ok(json!({"seen": false})));
        let unknown = rendered(&payload("fn payload(n) { #{ a: secret(\"kye\") } }"), &json!({}));
        assert!(unknown.expect_err("unknown").contains("has no `kye`; it has key"));
    }

    #[test]
    fn a_script_has_no_way_out() {
        for text in ["import \"x\" as x;", "eval(\"1\")", "sleep(1)", "print(1)"] {
            let script = PayloadScript::compile(&format!("fn payload(n) {{ {text}; #{{}} }}"), "p");
            let refused = match script {
                Err(_) => true,
                Ok(script) => rendered(&script, &json!({})).is_err(),
            };
            assert!(refused, "{text}");
        }
    }
}
