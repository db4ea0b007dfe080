//! What a message is called: its subject without what each one fills in.

/// Returns the words of a subject that are the same in every message; empty where there are none.
pub(super) fn title(subject: &str) -> String {
    let text = without_placeholders(&without_branches(subject));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Brackets around nothing but what is filled in, and what led up to it at either end.
    let text = text.replace(" (…)", "").replace("(…)", "");
    let is_left_over = |c: char| c == '…' || c.is_whitespace() || ":,;-–(".contains(c);
    text.trim_matches(is_left_over).to_owned()
}

/// Leaves out what stands in the text under a condition only.
fn without_branches(text: &str) -> String {
    let (mut kept, mut rest, mut depth) = (String::new(), text, 0_u32);
    while let Some((before, tag, after)) = next_tag(rest, "{%", "%}") {
        if depth == 0 {
            kept.push_str(before);
        }
        let word = tag.trim_start_matches(['-', '+']).trim_start();
        if word.starts_with("end") {
            depth = depth.saturating_sub(1);
        } else if word.starts_with("if") || word.starts_with("for") {
            depth += 1;
        }
        rest = after;
    }
    if depth == 0 {
        kept.push_str(rest);
    }
    kept
}

fn without_placeholders(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, _, after)) = next_tag(rest, "{{", "}}") {
        kept.push_str(before);
        kept.push('…');
        rest = after;
    }
    kept + rest
}

/// Returns what stands before the next tag, in it and behind it.
fn next_tag<'t>(text: &'t str, opens: &str, closes: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let (before, rest) = text.split_once(opens)?;
    let (tag, after) = rest.split_once(closes)?;
    Some((before, tag, after))
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn a_title_is_what_every_subject_says() {
        for (subject, expected) in [
            ("Nieuwe klacht voor u: {{ complaint.reference }}", "Nieuwe klacht voor u"),
            ("Wij hebben uw klacht ontvangen ({{ complaint.number }})", "Wij hebben uw klacht ontvangen"),
            ("Beslissen{% if a %} voor {{ a|date }}{% endif %}: {{ b }}", "Beslissen"),
            ("Uw klacht {{ a or b }} ligt bij de directie", "Uw klacht … ligt bij de directie"),
            ("Nog {{ a|term }}: beslissen of voorleggen? {{ b }}", "Nog …: beslissen of voorleggen?"),
            ("{% if a %}één punt{% else %}{{ n }} punten{% endif %}", ""),
            ("{{ a }}", ""),
            ("{{ a", "{{ a"),
            ("Vast", "Vast"),
        ] {
            assert_eq!(title(subject), expected, "{subject}");
        }
    }
}
