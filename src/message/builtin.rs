//! Messages that are compiled in, so that they go out when every script and template is broken.

/// Tells the quality manager that a rule failed.
pub const FAULT_MESSAGE: &str = "rule_fault";

/// (language, message, template)
pub(super) const BUILTIN: &[(&str, &str, &str)] = &[
    (
        "nl",
        "deadline_breached",
        "---\nsubject: Termijn verstreken: {{ data.label.nl }} ({{ complaint.reference }})\n---\n\
         De termijn **{{ data.label.nl }}** van klacht {{ complaint.reference }} is verstreken.\n\n\
         Einde van de termijn: {{ data.due|moment }}. Stand van de klacht: {{ complaint.state_label }}.\n\n\
         {% if late %}Dit bericht is {{ late }} later dan bedoeld, door een onderbreking.\n\n{% endif %}\
         Dit bericht komt van Redress zelf, omdat geen regel iemand heeft gewaarschuwd.\n",
    ),
    (
        "en",
        "deadline_breached",
        "---\nsubject: Deadline passed: {{ data.label.en }} ({{ complaint.reference }})\n---\n\
         The deadline **{{ data.label.en }}** of complaint {{ complaint.reference }} has passed.\n\n\
         It ended {{ data.due|moment }}. The complaint is: {{ complaint.state_label }}.\n\n\
         {% if late %}This message is {{ late }} later than meant, because of an interruption.\n\n{% endif %}\
         Redress itself sends this message, because no rule has warned anybody.\n",
    ),
    (
        "nl",
        FAULT_MESSAGE,
        "---\nsubject: Regel werkt niet: {{ data.rule }}\n---\n\
         De regel **{{ data.rule }}** kon niet worden uitgevoerd voor {{ data.reference }}.\n\n\
         - Plaats: {{ data.place }}\n- Fout: {{ data.text }}\n- Versie van de regels: {{ data.ruleset }}\n\n\
         De andere regels en de termijnen werken door. U krijgt dit bericht één keer per regel en versie.\n",
    ),
    (
        "en",
        FAULT_MESSAGE,
        "---\nsubject: Rule does not work: {{ data.rule }}\n---\n\
         The rule **{{ data.rule }}** could not be carried out for {{ data.reference }}.\n\n\
         - Place: {{ data.place }}\n- Error: {{ data.text }}\n- Version of the rules: {{ data.ruleset }}\n\n\
         The other rules and the deadlines go on. You get this message once per rule and version.\n",
    ),
];
