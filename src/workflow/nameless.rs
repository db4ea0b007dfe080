//! What an event says to a program outside without names: the form in which it is still told when its complaint is forgotten.

use super::outline::repeats_personal;
use crate::complaint::EventKind;
use serde_json::{Value, json};

/// What names nobody of details that repeat what is personal, as they do where a plugin states a purpose.
const STAYS: [&str; 3] = ["field", "element", "repeat"];

/// Returns what a delivery of an event carries, without names and texts; none where it holds none.
pub(super) fn nameless(payload: &str) -> Option<String> {
    let mut read: Value = serde_json::from_str(payload).unwrap_or_default();
    let kind = read.pointer("/event/type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(data) = read.pointer_mut("/event/data").and_then(Value::as_object_mut) else {
        // Nobody knows what it says.
        return (payload != "{}").then(|| "{}".to_owned());
    };
    data.get("personal").filter(|personal| !personal.is_null())?;
    data.insert("personal".to_owned(), nobody());
    if let Some(details) = data.get_mut("details").and_then(Value::as_object_mut)
        && may_repeat_personal(&kind)
    {
        details.retain(|name, _| STAYS.contains(&name.as_str()));
    }
    Some(read.to_string())
}

/// Returns whether the details of an event of a type may repeat what is personal; one that nobody knows may.
fn may_repeat_personal(kind: &str) -> bool {
    let kind = kind.strip_prefix("event.").and_then(|kind| kind.parse::<EventKind>().ok());
    kind.is_none_or(repeats_personal)
}

fn nobody() -> Value {
    json!({
        "complainant_name": null, "complainant_email": null, "complaint_subject": null, "to": [], "subject": null,
        "text": null,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complaint::Event;

    fn event(kind: &str, details: Value, personal: Value) -> String {
        json!({"event": {"type": kind, "data": {"details": details, "personal": personal, "sequence": 7}}})
            .to_string()
    }

    /// Whatever stands in an event of any kind: what a plugin was told of it names nobody any more.
    #[test]
    fn no_kind_of_event_repeats_what_is_personal() {
        let mut repeating = 0;
        for kind in EventKind::ALL {
            let (data, personal) = (json!({"field": "subject"}), json!({"from": "Jan de Vries"}));
            let origin = crate::complaint::Origin::ENGINE;
            let told = Event { kind: *kind, origin, summary: String::new(), data, personal: Some(personal) };
            let details = crate::workflow::outline::facts(&told);
            repeating += usize::from(details.to_string().contains("Jan"));
            let named = json!({"complainant_name": "Jan de Vries"});
            let said = nameless(&event(&format!("event.{kind}"), details, named)).unwrap();
            assert!(!said.contains("Jan") && said.contains("subject"), "{said}");
        }
        assert_eq!(repeating, 3);
        let unknown = event("event.of_later", json!({"from": "Jan"}), json!({"to": ["Jan"]}));
        assert!(!nameless(&unknown).unwrap().contains("Jan"));
    }

    #[test]
    fn an_event_without_names_says_what_happened() {
        let named = json!({"complainant_name": "Jan de Vries", "to": ["jan@example.nl"]});
        let entered =
            nameless(&event("event.entered", json!({"state": "anonymised"}), named.clone())).unwrap();
        assert!(entered.contains("anonymised") && entered.contains("\"sequence\":7"), "{entered}");
        let changed = json!({"field": "subject", "from": "Jan de Vries"});
        let changed = nameless(&event("event.fact_changed", changed, named)).unwrap();
        assert!(changed.contains("\"field\":\"subject\""), "{changed}");
        for said in [&entered, &changed] {
            assert!(!said.to_lowercase().contains("jan"), "{said}");
            assert_eq!(nameless(said).as_deref(), Some(said.as_str()), "and again");
        }
        assert_eq!(
            nameless(&event("event.entered", json!({}), Value::Null)),
            None,
            "it names nobody as it is"
        );
        assert_eq!(nameless("Jan de Vries").as_deref(), Some("{}"));
        assert_eq!(nameless("{}"), None);
    }
}
