//! Messages that are compiled in, so that they go out when every script and template is broken.

/// A message that is compiled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltinMessage {
    /// A deadline passed, and no rule told anybody.
    DeadlineBreached,
    /// A person's mail came, and no rule told anybody.
    MailUntold,
    /// A rule failed, or something else of the installation that the quality manager mends.
    RuleFault,
    /// A plugin has delivered nothing for some time.
    PluginFailing,
    /// A plugin was switched off.
    PluginDisabled,
    /// A plugin works again.
    PluginRecovered,
    /// A plugin's folder was changed and cannot be used.
    PluginBroken,
    /// Automated mail is held back.
    MailHeld,
    /// A mailbox cannot be read.
    MailboxFailing,
    /// A mailbox is read again.
    MailboxRecovered,
    /// A mailbox is read for the first time, and older mail in it is left to people.
    MailboxConnected,
    /// A file in the folder of new mail cannot be read.
    MailUnreadable,
    /// Mails were filed as no person's.
    MailFiled,
    /// Mails were kept because they could not be taken in.
    MailKept,
    /// Mail to one of our own people does not arrive.
    AddressBounces,
    /// A report on a period was concluded.
    ReportConcluded,
    /// The watchdog has found something.
    WatchdogAlarm,
    /// What the watchdog had found is over.
    WatchdogRecovered,
    /// What was gathered for a person.
    Digest,
    /// Somebody has forgotten a password and gets a link.
    PasswordReset,
    /// A person's password was changed.
    PasswordChanged,
}

impl BuiltinMessage {
    /// Lists every message.
    pub const ALL: &[Self] = &[
        Self::DeadlineBreached,
        Self::MailUntold,
        Self::RuleFault,
        Self::PluginFailing,
        Self::PluginDisabled,
        Self::PluginRecovered,
        Self::PluginBroken,
        Self::MailHeld,
        Self::MailboxFailing,
        Self::MailboxRecovered,
        Self::MailboxConnected,
        Self::MailUnreadable,
        Self::MailFiled,
        Self::MailKept,
        Self::AddressBounces,
        Self::ReportConcluded,
        Self::WatchdogAlarm,
        Self::WatchdogRecovered,
        Self::Digest,
        Self::PasswordReset,
        Self::PasswordChanged,
    ];

    /// Returns the name under which its templates stand and it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeadlineBreached => "deadline_breached",
            Self::MailUntold => "mail_untold",
            Self::RuleFault => "rule_fault",
            Self::PluginFailing => "plugin_failing",
            Self::PluginDisabled => "plugin_disabled",
            Self::PluginRecovered => "plugin_recovered",
            Self::PluginBroken => "plugin_broken",
            Self::MailHeld => "mail_held",
            Self::MailboxFailing => "mailbox_failing",
            Self::MailboxRecovered => "mailbox_recovered",
            Self::MailboxConnected => "mailbox_connected",
            Self::MailUnreadable => "mail_unreadable",
            Self::MailFiled => "mail_filed",
            Self::MailKept => "mail_kept",
            Self::AddressBounces => "address_bounces",
            Self::ReportConcluded => "report_concluded",
            Self::WatchdogAlarm => "watchdog_alarm",
            Self::WatchdogRecovered => "watchdog_recovered",
            Self::Digest => "digest",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
        }
    }
}

/// Language, message and template.
pub(super) const BUILTIN: &[(&str, BuiltinMessage, &str)] = &[
    (
        "nl",
        BuiltinMessage::PasswordReset,
        "---\nsubject: Een nieuw wachtwoord kiezen\n---\n\
         Iemand vroeg om een nieuw wachtwoord voor uw account. Was u dat, kies het dan binnen een half uur. De link werkt één keer.\n\n\
         Was u het niet, dan hoeft u niets te doen: uw wachtwoord blijft zoals het is.\n",
    ),
    (
        "en",
        BuiltinMessage::PasswordReset,
        "---\nsubject: Choose a new password\n---\n\
         Somebody asked for a new password for your account. If it was you, choose it within half an hour. The link works once.\n\n\
         If it was not you, there is nothing to do: your password stays as it is.\n",
    ),
    (
        "nl",
        BuiltinMessage::PasswordChanged,
        "---\nsubject: Uw wachtwoord is gewijzigd\n---\n\
         Het wachtwoord van uw account is gewijzigd, en u bent overal afgemeld.\n\n\
         Deed u dit niet zelf? Meld het dan direct aan wie Redress bij u beheert.\n",
    ),
    (
        "en",
        BuiltinMessage::PasswordChanged,
        "---\nsubject: Your password was changed\n---\n\
         The password of your account was changed, and you are signed out everywhere.\n\n\
         Was it not you? Then tell whoever looks after Redress at once.\n",
    ),
    (
        "nl",
        BuiltinMessage::ReportConcluded,
        "---\nsubject: Conclusies over de klachten van {{ data.from|date }} tot en met {{ data.to|date }}\n---\n\
         {{ data.conclusions }}\n\n\
         Het hele verslag staat op de pagina Verslagen.\n",
    ),
    (
        "en",
        BuiltinMessage::ReportConcluded,
        "---\nsubject: Conclusions on the complaints of {{ data.from|date }} until {{ data.to|date }}\n---\n\
         {{ data.conclusions }}\n\n\
         The whole report stands on the page Reports.\n",
    ),
    (
        "nl",
        BuiltinMessage::DeadlineBreached,
        "---\nsubject: Termijn verstreken: {{ data.label.nl }} ({{ complaint.reference }})\n---\n\
         De termijn **{{ data.label.nl }}** van klacht {{ complaint.reference }} is verstreken.\n\n\
         Einde van de termijn: {{ data.due|moment }}. Stand van de klacht: {{ complaint.state_label }}.\n\n\
         {% if late %}Dit bericht is {{ late }} later dan bedoeld, door een onderbreking.\n\n{% endif %}\
         Dit bericht komt van Redress zelf, omdat geen regel iemand heeft gewaarschuwd.\n",
    ),
    (
        "en",
        BuiltinMessage::DeadlineBreached,
        "---\nsubject: Deadline passed: {{ data.label.en }} ({{ complaint.reference }})\n---\n\
         The deadline **{{ data.label.en }}** of complaint {{ complaint.reference }} has passed.\n\n\
         It ended {{ data.due|moment }}. The complaint is: {{ complaint.state_label }}.\n\n\
         {% if late %}This message is {{ late }} later than meant, because of an interruption.\n\n{% endif %}\
         Redress itself sends this message, because no rule has warned anybody.\n",
    ),
    (
        "nl",
        BuiltinMessage::MailUntold,
        "---\nsubject: Bericht binnengekomen ({{ complaint.reference }})\n---\n\
         Bij klacht {{ complaint.reference }} is een bericht binnengekomen. Stand van de klacht: {{ complaint.state_label }}.\n\n\
         U leest het met `redress mail {{ complaint.reference }}`.\n\n\
         Dit bericht komt van Redress zelf, omdat geen regel iemand heeft gewaarschuwd.\n",
    ),
    (
        "en",
        BuiltinMessage::MailUntold,
        "---\nsubject: A mail has come ({{ complaint.reference }})\n---\n\
         A mail has come about complaint {{ complaint.reference }}. The complaint is: {{ complaint.state_label }}.\n\n\
         You read it with `redress mail {{ complaint.reference }}`.\n\n\
         Redress itself sends this message, because no rule has warned anybody.\n",
    ),
    (
        "nl",
        BuiltinMessage::RuleFault,
        "---\nsubject: Regel werkt niet: {{ data.rule }}\n---\n\
         De regel **{{ data.rule }}** kon niet worden uitgevoerd voor {{ data.reference }}.\n\n\
         - Plaats: {{ data.place }}\n- Fout: {{ data.text }}\n- Versie van de regels: {{ data.ruleset }}\n\n\
         De andere regels en de termijnen werken door. U krijgt dit bericht één keer per regel en versie.\n",
    ),
    (
        "en",
        BuiltinMessage::RuleFault,
        "---\nsubject: Rule does not work: {{ data.rule }}\n---\n\
         The rule **{{ data.rule }}** could not be carried out for {{ data.reference }}.\n\n\
         - Place: {{ data.place }}\n- Error: {{ data.text }}\n- Version of the rules: {{ data.ruleset }}\n\n\
         The other rules and the deadlines go on. You get this message once per rule and version.\n",
    ),
    (
        "nl",
        BuiltinMessage::PluginFailing,
        "---\nsubject: Plugin {{ data.plugin }} werkt niet\n---\n\
         De plugin **{{ data.plugin }}** kan sinds {{ data.since|moment }} niets afleveren.\n\n\
         - Oorzaak: {{ data.why }}\n- Wachtend: {{ data.waiting }}\n\n\
         Er wordt opnieuw geprobeerd; er gaat niets verloren. `redress plugins check` en `redress plugins test {{ data.plugin }}` helpen bij het zoeken.\n",
    ),
    (
        "en",
        BuiltinMessage::PluginFailing,
        "---\nsubject: Plugin {{ data.plugin }} does not work\n---\n\
         The plugin **{{ data.plugin }}** has delivered nothing since {{ data.since|moment }}.\n\n\
         - Cause: {{ data.why }}\n- Waiting: {{ data.waiting }}\n\n\
         It is tried again; nothing is lost. `redress plugins check` and `redress plugins test {{ data.plugin }}` help to find out.\n",
    ),
    (
        "nl",
        BuiltinMessage::PluginDisabled,
        "---\nsubject: Plugin {{ data.plugin }} is uitgezet\n---\n\
         De plugin **{{ data.plugin }}** is uitgezet.\n\n\
         - Oorzaak: {{ data.why }}\n- Wachtend: {{ data.waiting }}\n\n\
         Wat wacht blijft bewaard. Zet de plugin weer aan met `redress plugins enable {{ data.plugin }}`.\n",
    ),
    (
        "en",
        BuiltinMessage::PluginDisabled,
        "---\nsubject: Plugin {{ data.plugin }} is switched off\n---\n\
         The plugin **{{ data.plugin }}** has been switched off.\n\n\
         - Cause: {{ data.why }}\n- Waiting: {{ data.waiting }}\n\n\
         What waits is kept. Switch it on again with `redress plugins enable {{ data.plugin }}`.\n",
    ),
    (
        "nl",
        BuiltinMessage::PluginRecovered,
        "---\nsubject: Plugin {{ data.plugin }} werkt weer\n---\n\
         De plugin **{{ data.plugin }}** levert weer af. Wachtend: {{ data.waiting }}.\n",
    ),
    (
        "en",
        BuiltinMessage::PluginRecovered,
        "---\nsubject: Plugin {{ data.plugin }} works again\n---\n\
         The plugin **{{ data.plugin }}** delivers again. Waiting: {{ data.waiting }}.\n",
    ),
    (
        "nl",
        BuiltinMessage::PluginBroken,
        "---\nsubject: Plugin {{ data.plugin }} kan niet worden gelezen\n---\n\
         De map van de plugin **{{ data.plugin }}** is gewijzigd en kan zo niet worden gebruikt; de vorige versie blijft werken.\n\n\
         - Fout: {{ data.why }}\n",
    ),
    (
        "en",
        BuiltinMessage::PluginBroken,
        "---\nsubject: Plugin {{ data.plugin }} cannot be read\n---\n\
         The folder of the plugin **{{ data.plugin }}** was changed and cannot be used as it is; the version before stays in use.\n\n\
         - Mistake: {{ data.why }}\n",
    ),
    (
        "nl",
        BuiltinMessage::MailHeld,
        "---\nsubject: Automatische mail wordt vastgehouden\n---\n\
         De plugin **{{ data.plugin }}** houdt automatische mail vast: {{ data.why }}.\n\n\
         De mail gaat later alsnog uit; termijnen lopen door. Kijk of hier twee systemen elkaar mailen: `redress deliveries list --state queued`.\n",
    ),
    (
        "en",
        BuiltinMessage::MailHeld,
        "---\nsubject: Automated mail is held back\n---\n\
         The plugin **{{ data.plugin }}** holds automated mail back: {{ data.why }}.\n\n\
         The mail goes out later; deadlines go on. See whether two systems are mailing each other: `redress deliveries list --state queued`.\n",
    ),
    (
        "nl",
        BuiltinMessage::MailboxFailing,
        "---\nsubject: Postvak {{ data.mailbox }} kan niet worden gelezen\n---\n\
         Het postvak **{{ data.mailbox }}** kan niet worden gelezen. Nieuwe klachten komen zolang niet binnen.\n\n\
         - Oorzaak: {{ data.why }}\n\n\
         De mail blijft op de server staan en wordt later opgehaald.\n",
    ),
    (
        "en",
        BuiltinMessage::MailboxFailing,
        "---\nsubject: Mailbox {{ data.mailbox }} cannot be read\n---\n\
         The mailbox **{{ data.mailbox }}** cannot be read. No new complaints come in meanwhile.\n\n\
         - Cause: {{ data.why }}\n\n\
         The mail stays on the server and is fetched later.\n",
    ),
    (
        "nl",
        BuiltinMessage::MailboxRecovered,
        "---\nsubject: Postvak {{ data.mailbox }} wordt weer gelezen\n---\n\
         Het postvak **{{ data.mailbox }}** wordt weer gelezen.\n",
    ),
    (
        "en",
        BuiltinMessage::MailboxRecovered,
        "---\nsubject: Mailbox {{ data.mailbox }} is read again\n---\n\
         The mailbox **{{ data.mailbox }}** is read again.\n",
    ),
    (
        "nl",
        BuiltinMessage::MailboxConnected,
        "---\nsubject: Postvak {{ data.mailbox }} wordt gelezen vanaf {{ data.from|date }}\n---\n\
         Het postvak **{{ data.mailbox }}** wordt nu voor het eerst gelezen: wat vanaf {{ data.from|moment }} binnenkomt.\n\n\
         Er staan {{ data.left }} oudere berichten in. Die blijven staan: Redress leest ze niet en beantwoordt ze niet.\n\n\
         Staat er nog een klacht tussen, stuur die dan door naar dit postvak. Of zet bij dit postvak in redress.toml een datum (`from`) en geef het een andere naam (`name`): oude berichten worden dan voorgelegd, zonder dat er een brief uitgaat.\n",
    ),
    (
        "en",
        BuiltinMessage::MailboxConnected,
        "---\nsubject: Mailbox {{ data.mailbox }} is read from {{ data.from|date }}\n---\n\
         The mailbox **{{ data.mailbox }}** is now read for the first time: what comes in from {{ data.from|moment }}.\n\n\
         There are {{ data.left }} older mails in it. They stay where they are: Redress neither reads nor answers them.\n\n\
         If there is a complaint among them, forward it to this mailbox. Or give this mailbox in redress.toml a date (`from`) and another name (`name`): old mails are then laid before somebody, without a letter going out.\n",
    ),
    (
        "nl",
        BuiltinMessage::MailUnreadable,
        "---\nsubject: Binnengekomen berichten kunnen niet worden gelezen: {{ data.count }}\n---\n\
         Deze bestanden kunnen niet worden gelezen. Er kan een klacht in staan.\n\n\
         {% for file in data.files %}- {{ file }}\n{% endfor %}\n\
         Geef Redress het recht om ze te lezen; ze worden dan vanzelf opgehaald. Andere berichten komen gewoon binnen.\n",
    ),
    (
        "en",
        BuiltinMessage::MailUnreadable,
        "---\nsubject: Mails that came in cannot be read: {{ data.count }}\n---\n\
         These files cannot be read. They may hold a complaint.\n\n\
         {% for file in data.files %}- {{ file }}\n{% endfor %}\n\
         Give Redress the right to read them; they are then taken in by themselves. Other mail comes in as always.\n",
    ),
    (
        "nl",
        BuiltinMessage::MailFiled,
        "---\nsubject: Automatische berichten zonder antwoord: {{ data.count }}\n---\n\
         Deze berichten zijn sinds het vorige overzicht binnengekomen en als automatisch opgeborgen. Niemand heeft er antwoord op gekregen.\n\n\
         {% for mail in data.mails %}- {{ mail.sender or '(geen afzender)' }}: {{ mail.subject or '(geen onderwerp)' }}\n{% endfor %}\n\
         Staat er iets van een mens tussen? Stuur het door naar het klachtenpostvak; dan wordt het voorgelegd. Alles staat in `redress mail --filed`.\n",
    ),
    (
        "en",
        BuiltinMessage::MailFiled,
        "---\nsubject: Automatic mail without an answer: {{ data.count }}\n---\n\
         These mails came in since the last overview and were filed as automatic. Nobody got an answer.\n\n\
         {% for mail in data.mails %}- {{ mail.sender or '(no sender)' }}: {{ mail.subject or '(no subject)' }}\n{% endfor %}\n\
         Did a person write one of them? Forward it to the mailbox for complaints, and it is laid before somebody. `redress mail --filed` lists all of them.\n",
    ),
    (
        "nl",
        BuiltinMessage::MailKept,
        "---\nsubject: Berichten lagen stil: {{ data.count }}\n---\n\
         {{ data.count }} binnengekomen berichten konden niet worden verwerkt en zijn bewaard. Ze zijn nu wel verwerkt; er is niets verloren.\n\n\
         {% if data.why %}- Oorzaak: {{ data.why }}\n\n{% endif %}\
         Is de oorzaak nog niet weggenomen, dan gebeurt het weer: kijk met `redress doctor`.\n",
    ),
    (
        "en",
        BuiltinMessage::MailKept,
        "---\nsubject: Mails had to wait: {{ data.count }}\n---\n\
         {{ data.count }} mails could not be taken in and were kept. They are taken in now; nothing is lost.\n\n\
         {% if data.why %}- Cause: {{ data.why }}\n\n{% endif %}\
         If the cause is still there it happens again: look with `redress doctor`.\n",
    ),
    (
        "nl",
        BuiltinMessage::AddressBounces,
        "---\nsubject: Mail aan {{ data.address }} komt niet aan\n---\n\
         Mail aan **{{ data.address }}** is voor de tweede keer teruggekomen. Deze collega krijgt geen berichten van Redress.\n\n\
         Verbeter het adres in redress.toml.\n",
    ),
    (
        "en",
        BuiltinMessage::AddressBounces,
        "---\nsubject: Mail to {{ data.address }} does not arrive\n---\n\
         Mail to **{{ data.address }}** has come back for the second time. This colleague gets no messages from Redress.\n\n\
         Correct the address in redress.toml.\n",
    ),
    (
        "nl",
        BuiltinMessage::WatchdogAlarm,
        "---\nsubject: Let op: {{ data.said }}\n---\n\
         **{{ data.said }}**\n\n\
         Gezien sinds {{ data.since|moment }}.\n\n\
         - Wat te doen: {{ data.remedy }}\n- Soort: {{ data.kind }}\n\n\
         Dit bericht komt van de bewaking van Redress, die los staat van de regels. U krijgt het één keer, en bericht als het over is.\n",
    ),
    (
        "en",
        BuiltinMessage::WatchdogAlarm,
        "---\nsubject: Attention: {{ data.said }}\n---\n\
         **{{ data.said }}**\n\n\
         Seen since {{ data.since|moment }}.\n\n\
         - What to do: {{ data.remedy }}\n- Kind: {{ data.kind }}\n\n\
         This message comes from the watchdog of Redress, which does not depend on rules. You get it once, and word when it is over.\n",
    ),
    (
        "nl",
        BuiltinMessage::WatchdogRecovered,
        "---\nsubject: Voorbij: {{ data.said }}\n---\n\
         Dit is voorbij: **{{ data.said }}**\n\n\
         Het werd gezien sinds {{ data.since|moment }}.\n",
    ),
    (
        "en",
        BuiltinMessage::WatchdogRecovered,
        "---\nsubject: Over: {{ data.said }}\n---\n\
         This is over: **{{ data.said }}**\n\n\
         It was seen since {{ data.since|moment }}.\n",
    ),
    (
        "nl",
        BuiltinMessage::Digest,
        "---\nsubject: Wat u te doen staat: {% if data.count == 1 %}één punt{% else %}{{ data.count }} punten{% endif %}\n---\n\
         {% for group in data.groups %}\n## {{ group.label }}\n\n\
         {% for line in group.lines %}\n- {{ line.text }}{% if line.reference %} ({{ line.reference }}){% endif %}{% if line.link %} <{{ line.link }}>{% endif +%}\n{% endfor %}\n\n\
         {% endfor %}\n\
         {% if late %}Dit overzicht is {{ late }} later dan bedoeld, door een onderbreking.\n\n{% endif %}\
         {% if data.page %}Al uw werk: <{{ data.page }}>{% else %}Met `redress show` en het nummer erachter leest u alles over een klacht.{% endif +%}\n",
    ),
    (
        "en",
        BuiltinMessage::Digest,
        "---\nsubject: What waits for you: {% if data.count == 1 %}one item{% else %}{{ data.count }} items{% endif %}\n---\n\
         {% for group in data.groups %}\n## {{ group.label }}\n\n\
         {% for line in group.lines %}\n- {{ line.text }}{% if line.reference %} ({{ line.reference }}){% endif %}{% if line.link %} <{{ line.link }}>{% endif +%}\n{% endfor %}\n\n\
         {% endfor %}\n\
         {% if late %}This digest is {{ late }} later than meant, because of an interruption.\n\n{% endif %}\
         {% if data.page %}All of your work: <{{ data.page }}>{% else %}With `redress show` and the number behind it you read everything about a complaint.{% endif +%}\n",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_written_in_both_languages() {
        for message in BuiltinMessage::ALL {
            for language in ["nl", "en"] {
                let written = BUILTIN.iter().filter(|(l, m, _)| *l == language && m == message).count();
                assert_eq!(written, 1, "{} in {language}", message.as_str());
            }
        }
    }
}
