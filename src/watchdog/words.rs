//! `Words`: what people read of a condition, in Dutch and English: what it is, and what to do. `{name}` stands for a
//! fact of the condition.

use super::condition::{AlarmKind, Condition};
use crate::calendar::Calendar;
use crate::complaint::Language;

/// What people read of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What it is, in one line.
    pub said: String,
    /// What to do about it, in one sentence.
    pub remedy: String,
}

/// What each kind says and advises in Dutch, and in English.
type Said = (AlarmKind, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const SAID: &[Said] = &[
    (
        AlarmKind::TermUntold,
        "Klacht {reference}: de termijn '{term}' is verstreken ({due}) en niemand heeft bericht gekregen",
        "behandel de klacht (`redress show {reference}`) en zoek uit waarom het bericht niet aankwam",
        "complaint {reference}: the term '{term}' has passed ({due}) and nobody was told",
        "treat the complaint (`redress show {reference}`), and find out why the message did not arrive",
    ),
    (
        AlarmKind::RuleFaults,
        "Klachten waarvoor een regel niet werkt: {complaints}",
        "`redress show` noemt de regel bij elke klacht; verbeter die en publiceer",
        "{complaints} complaints for which a rule fails",
        "`redress show` names the rule with each; mend it and publish",
    ),
    (
        AlarmKind::Undeliverable,
        "Berichten die niemand bereiken: {messages}",
        "vul in redress.toml aan wie welke rol heeft, en kijk welke plugins aan staan",
        "{messages} notifications that reach nobody",
        "name in redress.toml who has which role, and see which plugins are enabled",
    ),
    (
        AlarmKind::DeadLetters,
        "Plugin {plugin} heeft afleveringen opgegeven: {letters}",
        "`redress deliveries list --state dead --plugin {plugin}` noemt ze; verstuur ze daarna opnieuw met `redress deliveries retry`",
        "plugin {plugin}: {letters} deliveries given up",
        "`redress deliveries list --state dead --plugin {plugin}` names them; then send them again with `redress deliveries retry`",
    ),
    (
        AlarmKind::OutboxOld,
        "Plugin {plugin} levert niet af: {queued} wachten, de eerste sinds {since}",
        "`redress plugins test {plugin}` laat zien wat de ontvanger antwoordt",
        "plugin {plugin} does not deliver: {queued} wait, the first since {since}",
        "`redress plugins test {plugin}` shows what the target answers",
    ),
    (
        AlarmKind::SchedulerBehind,
        "Klachten wachten op een beslissing, de eerste sinds {since}",
        "kijk of `redress serve` draait en wat er in het log staat",
        "complaints wait for a decision, the first since {since}",
        "see whether `redress serve` runs, and what the log says",
    ),
    (
        AlarmKind::SchedulerFailing,
        "Er wordt niets beslist: {why}",
        "neem de oorzaak weg; het wordt vanzelf weer geprobeerd",
        "nothing is decided: {why}",
        "remove the cause; it is tried again by itself",
    ),
    (
        AlarmKind::DatabaseFailing,
        "De database doet het niet: {why}",
        "herstel de database; het wordt vanzelf weer geprobeerd",
        "the database does not work: {why}",
        "mend the database; it is tried again by itself",
    ),
    (
        AlarmKind::DatabaseOlder,
        "De database is ouder dan wat hier al is gebeurd: {why}",
        "zet de nieuwste kopie terug; is die er niet, vergelijk dan de nummers in brieven die al uit zijn, en verwijder dat bestand",
        "the database is older than what has happened here: {why}",
        "restore the newest copy; where there is none, compare the numbers in letters that have gone out, and remove that file",
    ),
    (
        AlarmKind::Restored,
        "De database is teruggezet uit een kopie van {at} en staat stil",
        "kijk na of de installatie waarvan de kopie komt uit staat, en daarna: `redress restore --go-on --as WIE`",
        "the database was restored from a copy of {at} and stands still",
        "see that the installation it was copied from has stopped, and then: `redress restore --go-on --as YOU`",
    ),
    (
        AlarmKind::BackupOld,
        "Er is al {days} dagen geen reservekopie gemaakt",
        "`redress backup FILE`, of na een kopie met andere middelen: `redress backup --recorded`; watchdog.backup_days in redress.toml bepaalt wanneer dit wordt gemeld",
        "no backup was made for {days} days",
        "`redress backup FILE`, or after a copy by other means: `redress backup --recorded`; watchdog.backup_days in redress.toml says when this is told",
    ),
    (
        AlarmKind::ClockBehind,
        "De klok loopt {minutes} minuten achter op de laatste beslissing",
        "zet de klok van de computer gelijk (NTP); liep de beslissing voor, dan: `redress clock confirm`",
        "the clock is {minutes} minutes behind the last decision",
        "set the computer's clock right (NTP); where the decision was ahead: `redress clock confirm`",
    ),
    (
        AlarmKind::ClockAhead,
        "De klok loopt {days} dagen voor op de laatste tijd die is gezien; er wordt niets beslist",
        "zet de klok gelijk (NTP); klopt de klok wel, dan: `redress clock confirm`",
        "the clock is {days} days ahead of the last time that was seen, and nothing is decided",
        "set the clock right (NTP); where it is right: `redress clock confirm`",
    ),
    (
        AlarmKind::ClockJumped,
        "De klok is {seconds} seconden versprongen, of de computer heeft stilgestaan",
        "controleer de klok (NTP) en kijk of er termijnen te vroeg of te laat zijn geteld",
        "the clock has jumped by {seconds} seconds, or the computer has slept",
        "check the clock (NTP), and whether terms were counted too early or too late",
    ),
    (
        AlarmKind::DiskLow,
        "De schijf van {folder} is bijna vol: nog {free_mib} MiB",
        "maak ruimte; als de schijf vol is komt er niets meer binnen",
        "the disk of {folder} is nearly full: {free_mib} MiB left",
        "make room; with a full disk nothing is taken in",
    ),
    (
        AlarmKind::InboxFailing,
        "Nieuwe berichten in {folder} worden niet opgehaald: {why}",
        "geef Redress het recht om in de map te lezen en te schrijven",
        "new mail in {folder} is not taken in: {why}",
        "give Redress the right to read and write in the folder",
    ),
    (
        AlarmKind::MailUnreadable,
        "Een bericht kan niet worden gelezen: {file}",
        "geef Redress het recht om het te lezen",
        "a mail cannot be read: {file}",
        "give Redress the right to read it",
    ),
    (
        AlarmKind::MailWaiting,
        "Berichten wachten in {folder}: {mails}",
        "`redress tick` of `redress serve` haalt ze op",
        "{mails} mails wait in {folder}",
        "`redress tick` or `redress serve` takes them in",
    ),
    (
        AlarmKind::MailboxFailing,
        "Postvak {mailbox} kan niet worden gelezen: {why}",
        "`redress intake --mailbox {mailbox}` laat zien wat de server antwoordt",
        "mailbox {mailbox} cannot be read: {why}",
        "`redress intake --mailbox {mailbox}` shows what the server answers",
    ),
    (
        AlarmKind::IntakeSilent,
        "Er is sinds {since} geen bericht binnengekomen",
        "stuur een proefbericht naar het klachtenpostvak; watchdog.silent_days in redress.toml bepaalt wanneer dit wordt gemeld",
        "no mail has come in since {since}",
        "send a test mail to the mailbox for complaints; watchdog.silent_days in redress.toml says when this is told",
    ),
    (
        AlarmKind::PluginBroken,
        "Plugin {plugin}: de map kan niet worden gebruikt: {why}",
        "`redress plugins check {plugin}` noemt de fout",
        "plugin {plugin}: its folder cannot be used: {why}",
        "`redress plugins check {plugin}` names the mistake",
    ),
    (
        AlarmKind::PluginFailing,
        "Plugin {plugin} werkt niet: {why}",
        "`redress plugins test {plugin}` laat zien wat de ontvanger antwoordt",
        "plugin {plugin} fails: {why}",
        "`redress plugins test {plugin}` shows what the target answers",
    ),
    (
        AlarmKind::PluginDisabled,
        "Plugin {plugin} is uitgezet: {why}",
        "neem de oorzaak weg, en daarna: `redress plugins enable {plugin}`",
        "plugin {plugin} is switched off: {why}",
        "remove the cause, and then: `redress plugins enable {plugin}`",
    ),
    (
        AlarmKind::PluginWaiting,
        "Afleveringen wachten op plugin {plugin}, die niet aan staat: {queued}",
        "zet enabled = true in plugins/{plugin}/plugin.toml; zette iemand hem uit, dan `redress plugins enable {plugin}`",
        "{queued} deliveries wait for plugin {plugin}, which is not enabled",
        "set enabled = true in plugins/{plugin}/plugin.toml; where somebody switched it off, `redress plugins enable {plugin}`",
    ),
    (
        AlarmKind::FallbackBroken,
        "Wat mail niet bezorgt gaat nergens heen: {why}",
        "noem in delivery.fallback een plugin die aan staat",
        "what mail does not bring goes nowhere: {why}",
        "name in delivery.fallback a plugin that is enabled",
    ),
    (
        AlarmKind::SecretMissing,
        "Een geheim van {user} ontbreekt: {why}",
        "zet het geheim op die plaats, leesbaar voor Redress",
        "a secret of {user} is missing: {why}",
        "put the secret there, readable for Redress",
    ),
    (
        AlarmKind::CertificateExpiring,
        "Het certificaat in {file} verloopt op {on}",
        "vervang het bestand; het nieuwe wordt vanzelf gebruikt",
        "the certificate in {file} ends on {on}",
        "replace the file; the new one is used by itself",
    ),
    (
        AlarmKind::TargetCertificateExpiring,
        "Het certificaat van het doel van plugin {plugin} verloopt op {on}",
        "waarschuw wie het doel beheert; daarna komt er niets meer aan",
        "the certificate of the target of plugin {plugin} ends on {on}",
        "warn who runs the target; after that nothing arrives there",
    ),
    (
        AlarmKind::TokenExpiring,
        "Het token van {user} verloopt op {on}",
        "vraag een nieuw token aan en zet het op dezelfde plaats",
        "the token of {user} ends on {on}",
        "ask for a new token and put it in the same place",
    ),
    (
        AlarmKind::AddressBounces,
        "Mail aan {address} komt terug",
        "verbeter het adres, en daarna: `redress deliveries resume {address}`",
        "mail to {address} comes back",
        "mend the address, and then: `redress deliveries resume {address}`",
    ),
    (
        AlarmKind::RulesBroken,
        "De map met regels heeft een fout: {mistake}",
        "verbeter de fout; tot dan gelden de gepubliceerde regels",
        "rules folder: {mistake}",
        "mend it; until then the published ruleset is in force",
    ),
    (
        AlarmKind::RulesDiffer,
        "De map met regels verschilt van de regels die gelden",
        "`redress rules publish` laat zien wat er verandert",
        "the rules folder differs from the published ruleset",
        "`redress rules publish` shows what would change",
    ),
    (
        AlarmKind::SettingsBroken,
        "De instellingen hebben een fout, de vorige gelden: {why}",
        "verbeter redress.toml; het wordt vanzelf opnieuw gelezen",
        "the settings have a mistake, those before are in use: {why}",
        "mend redress.toml; it is read again by itself",
    ),
    (
        AlarmKind::RestartNeeded,
        "Gewijzigde instellingen wachten op een herstart: {keys}",
        "start Redress opnieuw",
        "changed settings wait for a restart: {keys}",
        "restart Redress",
    ),
    (
        AlarmKind::SurveyUnlinked,
        "Klagers horen te worden gevraagd hoe tevreden zij zijn, maar brieven gaan zonder die vraag: niets zegt waar de pagina is",
        "zet web.public_url in redress.toml, of on = false onder [survey] in procedure.toml",
        "complainants are to be asked how satisfied they are, but letters go without the question: nothing says where the page is",
        "set web.public_url in redress.toml, or on = false under [survey] in procedure.toml",
    ),
    (
        AlarmKind::TermsOverdue,
        "Termijnen die zijn verstreken en niet gehaald: {terms}",
        "`redress list` noemt de klachten",
        "{terms} deadlines passed and not met",
        "`redress list` names the complaints",
    ),
    (
        AlarmKind::SweepFound,
        "Beslissingen die alleen de controleronde vond: {events}",
        "dit is een fout in Redress; meld het",
        "{events} firings that only the sweep found",
        "this is a bug in Redress; report it",
    ),
    (
        AlarmKind::ForgettingOpen,
        "Namen en teksten staan er nog, een dag nadat zij weg moesten: {complaints} klachten, de eerste besloten op {since}",
        "het log noemt bij elke klacht wat in de weg staat, zoals een bestand dat niet kan worden verwijderd; het wordt vanzelf weer geprobeerd",
        "names and texts are still there a day after they were to go: {complaints} complaints, the first decided on {since}",
        "the log says with each complaint what is in the way, such as a file that cannot be deleted; it is tried again by itself",
    ),
    (
        AlarmKind::DataOpen,
        "Andere gebruikers van deze computer kunnen in {folder} kijken",
        "als eigenaar: chmod -R go-rwx {folder}",
        "other users of this computer may look into {folder}",
        "as its owner: chmod -R go-rwx {folder}",
    ),
    (
        AlarmKind::HolidaysUnknown,
        "Feestdagen zijn alleen bekend tot {until}",
        "installeer een nieuwere versie van Redress",
        "holidays are known until {until} only",
        "install a newer version of Redress",
    ),
    (
        AlarmKind::ProcessesDiffer,
        "Processen met dezelfde database hebben niet hetzelfde in {in_what}: {places}",
        "maak {in_what} overal gelijk, ook de volgorde van de mensen erin",
        "processes that share the database do not have the same in {in_what}: {places}",
        "make {in_what} the same everywhere, the order of people in it included",
    ),
    (
        AlarmKind::ServerSilent,
        "`redress serve` heeft zich sinds {since} niet laten zien",
        "start de server, en kijk in het log waarom hij stopte",
        "`redress serve` has not shown itself since {since}",
        "start the server, and see in the log why it stopped",
    ),
];

impl Condition {
    /// Returns its words in a language.
    pub fn words(&self, language: Language, calendar: &Calendar) -> Words {
        let said = SAID.iter().find(|(kind, ..)| *kind == self.kind());
        let (said, remedy) = match (language, said) {
            (Language::Dutch, Some((_, said, remedy, _, _))) => (*said, *remedy),
            (Language::English, Some((_, _, _, said, remedy))) => (*said, *remedy),
            (_, None) => (self.kind().as_str(), ""),
        };
        let facts = self.facts(language, calendar);
        let filled = |text: &str| {
            facts
                .iter()
                .fold(text.to_owned(), |text, (name, fact)| text.replace(&format!("{{{name}}}"), fact))
        };
        Words { said: filled(said), remedy: filled(remedy) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::condition::Shared;
    use super::*;
    use crate::calendar::{Date, Moment};
    use crate::rules::Label;

    #[test]
    fn every_kind_has_its_words_once() {
        for kind in AlarmKind::ALL {
            let rows: Vec<&Said> = SAID.iter().filter(|(k, ..)| k == kind).collect();
            assert_eq!(rows.len(), 1, "{kind}");
            let (_, nl, nl_remedy, en, en_remedy) = rows[0];
            assert!([nl, nl_remedy, en, en_remedy].iter().all(|text| !text.is_empty()), "{kind}");
        }
    }

    #[test]
    fn every_fact_that_words_name_is_there() {
        let at = Moment::from_millis(1_800_000_000_000);
        let day = Date::from_ymd_opt(2027, 3, 1).unwrap();
        let x = || "x".to_owned();
        let calendar = Calendar::new(chrono_tz::Europe::Amsterdam, []);
        let all = [
            Condition::TermUntold { reference: x(), name: x(), term: Label { nl: x(), en: x() }, due: at },
            Condition::RuleFaults { complaints: 1 },
            Condition::Undeliverable { messages: 1 },
            Condition::DeadLetters { plugin: x(), letters: 1, newest: at },
            Condition::OutboxOld { plugin: x(), queued: 1, since: at },
            Condition::SchedulerBehind { since: at },
            Condition::SchedulerFailing { why: x() },
            Condition::DatabaseFailing { why: x() },
            Condition::DatabaseOlder { why: x() },
            Condition::Restored { at },
            Condition::BackupOld { days: 8 },
            Condition::ClockBehind { minutes: 1 },
            Condition::ClockAhead { days: 1 },
            Condition::ClockJumped { at, seconds: 1 },
            Condition::DiskLow { folder: x(), free_mib: 1 },
            Condition::InboxFailing { folder: x(), why: x() },
            Condition::MailUnreadable { file: x() },
            Condition::MailWaiting { folder: x(), mails: 1 },
            Condition::MailboxFailing { mailbox: x(), why: x() },
            Condition::IntakeSilent { since: at },
            Condition::PluginBroken { plugin: x(), why: x() },
            Condition::PluginFailing { plugin: x(), why: x() },
            Condition::PluginDisabled { plugin: x(), why: x() },
            Condition::PluginWaiting { plugin: x(), queued: 1 },
            Condition::FallbackBroken { why: x() },
            Condition::SecretMissing { user: x(), why: x() },
            Condition::CertificateExpiring { file: x(), on: day },
            Condition::TargetCertificateExpiring { plugin: x(), on: day },
            Condition::TokenExpiring { user: x(), on: day },
            Condition::AddressBounces { address: x() },
            Condition::RulesBroken { mistake: x() },
            Condition::RulesDiffer,
            Condition::SettingsBroken { why: x() },
            Condition::RestartNeeded { keys: x() },
            Condition::SurveyUnlinked,
            Condition::TermsOverdue { terms: 1 },
            Condition::SweepFound { events: 1 },
            Condition::ForgettingOpen { complaints: 1, since: at },
            Condition::DataOpen { folder: x() },
            Condition::HolidaysUnknown { until: day },
            Condition::ProcessesDiffer { in_what: Shared::Settings, places: vec![x()] },
            Condition::ServerSilent { since: at },
        ];
        let kinds: Vec<AlarmKind> = all.iter().map(Condition::kind).collect();
        assert_eq!(kinds, AlarmKind::ALL);
        for condition in all {
            for language in [Language::Dutch, Language::English] {
                let Words { said, remedy } = condition.words(language, &calendar);
                assert!(!format!("{said}{remedy}").contains(['{', '}']), "{said} {remedy}");
            }
        }
    }
}
