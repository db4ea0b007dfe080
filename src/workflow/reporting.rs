//! `Reporting`: the report on a period: its figures with their definitions, its tables with last year's, and what the director
//! put under it (docs/procedure.md 2.7).

use super::records::DirectorRecords;
use super::report::{ByName, Counts};
use super::satisfaction::Satisfaction;
use super::saying::{Said, Saying};
use crate::calendar::Date;
use crate::complaint::{Channel, Language, Name};
use crate::report::{Advice, Drawing, Figure, Report, Row, Table, Unit};
use crate::rules::{Label, Side};
use crate::store::{EndedTerms, StoreError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The ends of the classes of lead times, in days.
const CLASSES: [i64; 6] = [7, 14, 28, 42, 56, 91];
/// The table of which the days are ranks.
const LEAD_TIMES: &str = "lead_times";

impl DirectorRecords<'_> {
    /// Makes the report on a period as of today, in a language.
    pub async fn report(self, (from, to): (Date, Date), language: Language) -> Result<Report, StoreError> {
        let (published, settings) = (self.0.published(), self.0.settings());
        let procedure = published.ruleset.procedure();
        let made_on = self.today().await?;
        let counts = self.counted((from, to), made_on).await?.with_quiet_months();
        let year = chrono::Months::new(12);
        let earlier = from.checked_sub_months(year).zip(to.checked_sub_months(year));
        let before = match earlier {
            Some(period) => self.counted(period, made_on).await?,
            None => Counts::default(),
        };
        let open: Vec<_> =
            procedure.states.iter().filter(|(_, s)| s.open).map(|(name, _)| name.clone()).collect();
        let ended = self.0.store.figures().ended_terms(from, to, self.0.now().await?).await?;
        let carried = self.0.store.figures().carried_over(from, &open).await?;
        let say = Saying { procedure, language };
        let (asked, asked_before) = self.surveyed((from, to), earlier).await?;
        let mut figures = say.figures(&counts, &before, carried);
        let mut tables = [say.tables(&counts, &before), vec![say.ended(&ended)]].concat();
        if say.speaks_of_survey(&asked, &asked_before) {
            figures.extend(say.survey_figures(&asked, &asked_before));
            tables.push(say.survey_table(&asked, &asked_before));
        }
        let concluded = self.concluded_reports().await?;
        let conclusions = concluded.into_iter().find(|r| (r.from, r.to) == (from, to)).map(|r| r.conclusions);
        let recommendations = self.open_recommendations().await?;
        let advice = recommendations.into_iter().map(|r| Advice {
            state: procedure.recommendations.get(r.state.as_str()).map_or(r.state.clone(), |d| {
                Label { nl: d.nl.clone(), en: d.en.clone() }.in_language(language).to_owned()
            }),
            content: r.content,
            note: r.note,
            follow_up_on: r.follow_up_on,
        });
        Ok(Report {
            organisation: settings.organisation.clone(),
            language,
            from,
            to,
            made_on,
            is_open: false,
            figures,
            tables,
            conclusions,
            recommendations: advice.collect(),
        })
    }

    /// Counts what became of the survey in a period and in an earlier one.
    async fn surveyed(
        self,
        period: (Date, Date),
        earlier: Option<(Date, Date)>,
    ) -> Result<(Satisfaction, Satisfaction), StoreError> {
        let counted = self.0.store.figures().surveyed(period, earlier.unwrap_or(period)).await?;
        let (before, now): (Vec<_>, Vec<_>) = counted.into_iter().partition(|row| row.is_earlier);
        let before = earlier.map(|_| Satisfaction::of(&before)).unwrap_or_default();
        Ok((Satisfaction::of(&now), before))
    }
}

impl Saying<'_> {
    #[rustfmt::skip]
    fn figures(&self, now: &Counts, then: &Counts, carried: i64) -> Vec<Figure> {
        let sum = |c: &Counts| c.kept + c.broken + c.overdue;
        let f = |said, count, of: Option<i64>, before, whole: Option<&str>| self.figure(said, Some(count), of, Some(before), whole);
        let days = |said, percent| Figure {
            unit: Unit::Days,
            of: Some(now.decided()),
            sums_up: Some(LEAD_TIMES.to_owned()),
            ..self.figure(said, now.days_within(percent), None, then.days_within(percent), None)
        };
        vec![
            f(("messages", "Berichten", "Messages", "Alles wat in de periode binnenkwam, ook wat geen klacht was.", "Everything that came in within the period, also what was no complaint."), now.messages, None, then.messages, None),
            f(("received", "Klachten", "Complaints", "Klachten die in de periode binnenkwamen, elk één keer; zonder wat geen klacht was, is samengevoegd of ingetrokken.", "Complaints that came in within the period, each once; without what was no complaint, was merged or withdrawn."), now.received, Some(now.messages), then.received, Some("messages")),
            f(("no_complaint", "Geen klacht", "No complaint", "Berichten die geen klacht bleken, van alle berichten.", "Messages that turned out to be no complaint, of all messages."), now.no_complaint, Some(now.messages), then.no_complaint, Some("messages")),
            f(("merged", "Samengevoegd", "Merged", "Bij een andere klacht gevoegd, van alle berichten.", "Joined to another complaint, of all messages."), now.merged, Some(now.messages), then.merged, Some("messages")),
            f(("withdrawn", "Ingetrokken", "Withdrawn", "Door de klager ingetrokken, van alle berichten.", "Withdrawn by the complainant, of all messages."), now.withdrawn, Some(now.messages), then.withdrawn, Some("messages")),
            f(("registered", "Geregistreerd", "Registered", "Klachten met een nummer, van de klachten.", "Complaints with a number, of the complaints."), now.registered, Some(now.received), then.registered, None),
            f(("declined", "Niet in behandeling genomen", "Declined", "Klachten die niet in behandeling zijn genomen, van de klachten.", "Complaints that were declined, of the complaints."), now.declined, Some(now.received), then.declined, Some("received")),
            f(("decided", "Besloten", "Decided", "Klachten waarop is besloten, van de klachten.", "Complaints that were decided, of the complaints."), now.decided(), Some(now.received), then.decided(), Some("received")),
            f(("undecided", "Nog niet besloten", "Not decided yet", "Klachten zonder beslissing die niet zijn afgewezen, van de klachten.", "Complaints without a decision that were not declined, of the complaints."), now.undecided(), Some(now.received), then.undecided(), Some("received")),
            f(("in_time", "Op tijd besloten", "Decided in time", "Besloten op of voor de dag die het eerst was beloofd, van alles waarop is besloten met zo'n belofte en alles waarvan die dag voorbij is.", "Decided on or before the day first promised, of everything decided with such a promise and everything of which that day has passed."), now.kept, Some(sum(now)), then.kept, Some("promised")),
            f(("late", "Te laat besloten", "Decided late", "Besloten na de dag die het eerst was beloofd, van hetzelfde.", "Decided after the day first promised, of the same."), now.broken, Some(sum(now)), then.broken, Some("promised")),
            f(("overdue", "Te laat en nog niet besloten", "Late and not decided", "Nog niet besloten terwijl de dag die het eerst was beloofd voorbij is, van hetzelfde.", "Not decided while the day first promised has passed, of the same."), now.overdue, Some(sum(now)), then.overdue, Some("promised")),
            f(("awaiting_reply", "Nog geen antwoord", "No answer yet", "Besloten, en de klager heeft nog niet gezegd of hij het eens is, van de besloten klachten.", "Decided, and the complainant has not said yet whether they agree, of those decided."), none(&now.agreements), Some(now.decided()), none(&then.agreements), None),
            f(("escalated", "Voorgelegd", "Escalated", "Klachten die zijn voorgelegd, bij welke stap zij ook staan, van de klachten.", "Complaints that were escalated, whatever step they are at, of the complaints."), now.escalated(), Some(now.received), then.escalated(), None),
            self.figure(("open_before", "Nog open van eerder", "Still open from before", "Binnengekomen voor de periode, nog niet besloten en nog open op de dag van dit verslag.", "Came in before the period, not decided and still open on the day of this report."), Some(carried), None, None, None),
            days(("days_median", "Doorlooptijd, de helft binnen", "Lead time, half within", "Dagen van ontvangst tot beslissing waarbinnen de helft van de besloten klachten klaar was.", "Days from receipt to decision within which half of those decided were done."), 50),
            days(("days_most", "Doorlooptijd, negen van de tien binnen", "Lead time, nine in ten within", "Dagen van ontvangst tot beslissing waarbinnen 90 % van de besloten klachten klaar was.", "Days from receipt to decision within which 90 % of those decided were done."), 90),
        ]
    }

    fn tables(&self, now: &Counts, then: &Counts) -> Vec<Table> {
        let p = self.procedure;
        let mut tables = vec![self.months(now, then), self.lead_times(now, then), self.terms(now)];
        let decided = Some(now.decided());
        tables.push(self.named(
            (
                "verdicts",
                "Oordelen",
                "Verdicts",
                "Besloten klachten naar oordeel.",
                "Decided complaints by verdict.",
            ),
            &p.verdicts,
            (&now.verdicts, &then.verdicts),
            decided,
        ));
        tables.push(self.named(
            (
                "agreements",
                "Eens met de beslissing",
                "Agreed with the decision",
                "Besloten klachten naar wat de klager ervan vindt. Geen reactie is geen ja.",
                "Decided complaints by what the complainant thinks of it. No reply is no yes.",
            ),
            &p.agreements,
            (&now.agreements, &then.agreements),
            decided,
        ));
        tables.push(self.causes(now, then));
        tables.push(self.named(
            (
                "grounds",
                "Waarom niet in behandeling genomen",
                "Why declined",
                "Niet in behandeling genomen klachten naar grond.",
                "Declined complaints by ground.",
            ),
            &p.grounds,
            (&now.grounds, &then.grounds),
            Some(now.declined),
        ));
        tables.push(self.named(
            (
                "escalations",
                "Voorgelegd",
                "Escalations",
                "Voorgelegde klachten naar de stap waar zij staan, van de klachten.",
                "Escalated complaints by the step they are at, of the complaints.",
            ),
            &p.escalations,
            (&known(&now.escalations), &known(&then.escalations)),
            Some(now.received),
        ));
        tables.push(self.named(
            (
                "measures",
                "Maatregelen",
                "Measures",
                "Maatregelen uit alles wat binnenkwam, naar hun stand.",
                "Measures that follow from everything that came in, by where they stand.",
            ),
            &p.measures,
            (&now.measures, &then.measures),
            Some(now.measures.values().sum()),
        ));
        tables.push(self.named(("flags", "Kenmerken", "Marks", "Klachten met een kenmerk, van de klachten; een klacht kan er meer hebben, zoals herhaling van een eerdere.", "Complaints with a mark, of the complaints; one can have several, such as that it recurs."), &p.flags, (&now.flags, &then.flags), Some(now.received)));
        let channels = Channel::ALL.iter().map(|c| (Name::from(c.as_str()), channel(*c))).collect();
        tables.push(self.named(
            (
                "channels",
                "Hoe klachten binnenkwamen",
                "How complaints came in",
                "Klachten naar de weg waarlangs zij kwamen.",
                "Complaints by the way they came.",
            ),
            &channels,
            (&now.channels, &then.channels),
            Some(now.received),
        ));
        tables.extend(self.own(now, then));
        tables
    }

    /// Returns a table by declared names, and by what is not known where there is such.
    fn named(
        &self,
        said: Said,
        names: &BTreeMap<Name, Label>,
        (now, then): (&ByName, &ByName),
        of: Option<i64>,
    ) -> Table {
        let count = |counts: &ByName, name: &Option<Name>| counts.get(name).copied().unwrap_or(0);
        let declared = names.keys().map(|name| Some(name.clone()));
        // What an earlier procedure declared is counted still.
        let others =
            now.keys().chain(then.keys()).filter(|name| name.as_ref().is_none_or(|n| !names.contains_key(n)));
        let others: BTreeSet<Option<Name>> = others.cloned().collect();
        let rows = declared.chain(others).map(|name| Row {
            label: match &name {
                None => self.words("nog niet bekend", "not known yet"),
                Some(name) => {
                    names.get(name).map_or(name.as_str(), |l| l.in_language(self.language)).to_owned()
                }
            },
            counts: vec![Some(count(now, &name)), Some(count(then, &name))],
        });
        let rows = rows.filter(|row| row.counts.iter().any(|n| *n != Some(0))).collect();
        self.table(said, ("", ""), rows, of, Drawing::Lengths)
    }

    fn causes(&self, now: &Counts, then: &Counts) -> Table {
        let said = (
            "causes",
            "Oorzaken",
            "Causes",
            "Klachten waarvan de oorzaak is vastgesteld, de meeste eerst, met hun som.",
            "Complaints of which the cause was established, the most first, with their sum.",
        );
        let (now, then) = (known(&now.causes), known(&then.causes));
        let of = now.values().sum();
        let mut table = self.named(said, &self.procedure.causes, (&now, &then), Some(of));
        table.rows.sort_by_key(|row| Reverse(row.counts[0]));
        Table {
            heading: self.words("Oorzaak", "Cause"),
            drawing: Some(Drawing::Pareto),
            is_by_size: true,
            ..table
        }
    }

    fn months(&self, now: &Counts, then: &Counts) -> Table {
        let said = (
            "months",
            "Klachten per maand",
            "Complaints by month",
            "Klachten naar de maand waarin zij binnenkwamen, en in dezelfde maand een jaar eerder.",
            "Complaints by the month in which they came in, and in the same month a year earlier.",
        );
        let year_later = |month: &str| {
            let (year, rest) = month.split_once('-').unwrap_or((month, ""));
            format!("{:04}-{rest}", year.parse::<i32>().unwrap_or(0) + 1)
        };
        let then: BTreeMap<String, i64> =
            then.months.iter().map(|(m, of)| (year_later(m), of.received)).collect();
        let months: BTreeSet<&String> = now.months.keys().chain(then.keys()).collect();
        let received = |month: &String| now.months.get(month).map_or(0, |m| m.received);
        let rows = months.into_iter().map(|m| Row {
            label: m.clone(),
            counts: vec![Some(received(m)), Some(then.get(m).copied().unwrap_or(0))],
        });
        self.table(said, ("Maand", "Month"), rows.collect(), None, Drawing::Bars)
    }

    fn lead_times(&self, now: &Counts, then: &Counts) -> Table {
        let said = (
            LEAD_TIMES,
            "Doorlooptijd",
            "Lead times",
            "Besloten klachten naar het aantal dagen van ontvangst tot beslissing.",
            "Decided complaints by the days from receipt to decision.",
        );
        let ends = CLASSES.into_iter().chain([i64::MAX]);
        let mut from = i64::MIN;
        let rows = ends.map(|end| {
            let of = |counts: &Counts| Some(counts.days.range(from..=end).map(|(_, n)| n).sum());
            let label = match (from, end) {
                (_, i64::MAX) => self.words(&format!("vanaf {from}"), &format!("{from} and more")),
                (i64::MIN, end) => self.words(&format!("tot en met {end}"), &format!("up to {end}")),
                (from, end) => format!("{from}–{end}"),
            };
            let row = Row { label, counts: vec![of(now), of(then)] };
            from = end.saturating_add(1);
            row
        });
        let rows = rows.collect();
        self.table(said, ("Dagen", "Days"), rows, Some(now.decided()), Drawing::Bars)
    }

    fn terms(&self, now: &Counts) -> Table {
        let said = (
            "terms",
            "Binnen de beloofde termijn",
            "Within the promised term",
            "Klachten naar de maand waarin zij binnenkwamen: op tijd besloten, en te laat besloten of te laat en nog niet besloten.",
            "Complaints by the month in which they came in: decided in time, and decided late or late and not decided.",
        );
        let rows = now.months.iter().map(|(month, m)| Row {
            label: month.clone(),
            counts: vec![Some(m.kept), Some(m.broken + m.overdue)],
        });
        let columns = vec![self.words("Op tijd", "In time"), self.words("Te laat", "Late")];
        Table { columns, ..self.table(said, ("Maand", "Month"), rows.collect(), None, Drawing::Bars) }
    }

    /// Returns how the terms that bind the organisation were kept, those that were broken most first.
    fn ended(&self, ended: &[EndedTerms]) -> Table {
        let said = (
            "terms_kept",
            "Termijnen die afliepen",
            "Terms that ended",
            "Termijnen van de organisatie die in de periode afliepen, van welke klacht ook: op tijd gehaald, en te laat of nog niet gehaald.",
            "Terms of the organisation that ended within the period, of whatever complaint: met in time, and met late or not yet.",
        );
        let ours = ended.iter().filter_map(|term| {
            let declared = self.procedure.deadlines.get(&term.name).filter(|d| d.side == Side::Own)?;
            Some(Row {
                label: self.words(&declared.nl, &declared.en),
                counts: vec![Some(term.kept), Some(term.broken)],
            })
        });
        let mut rows: Vec<Row> = ours.collect();
        rows.sort_by(|a, b| b.counts[1].cmp(&a.counts[1]).then_with(|| a.label.cmp(&b.label)));
        let columns = vec![self.words("Op tijd", "In time"), self.words("Te laat", "Late")];
        Table {
            columns,
            is_by_size: true,
            ..self.table(said, ("Termijn", "Term"), rows, None, Drawing::Bars)
        }
    }

    /// Returns a table of each own field that is a choice.
    fn own(&self, now: &Counts, then: &Counts) -> Vec<Table> {
        let fields: BTreeSet<&Name> = now.own.keys().chain(then.own.keys()).collect();
        let table = |field: &Name| {
            let label = self
                .procedure
                .extra
                .get(field)
                .map_or(field.as_str(), |f| f.label.in_language(self.language));
            let of = |counts: &Counts| counts.own.get(field).cloned().unwrap_or_default();
            let (now_of, then_of) = (of(now), of(then));
            let chosen: BTreeSet<&String> = now_of.keys().chain(then_of.keys()).collect();
            let rows = chosen.into_iter().map(|c| Row {
                label: c.clone(),
                counts: [&now_of, &then_of].map(|of| Some(of.get(c).copied().unwrap_or(0))).to_vec(),
            });
            let said = (
                "own",
                "",
                "",
                "Klachten naar wat er in dit veld is gekozen, van de klachten.",
                "Complaints by what was chosen in this field, of the complaints.",
            );
            let table = self.table(said, ("", ""), rows.collect(), Some(now.received), Drawing::Lengths);
            Table { name: format!("extra-{field}"), title: label.to_owned(), ..table }
        };
        fields.into_iter().map(table).collect()
    }
}

fn none(counts: &ByName) -> i64 {
    counts.get(&None).copied().unwrap_or(0)
}

fn known(counts: &ByName) -> ByName {
    counts.iter().filter(|(name, _)| name.is_some()).map(|(name, n)| (name.clone(), *n)).collect()
}

fn channel(channel: Channel) -> Label {
    let (nl, en) = match channel {
        Channel::Email => ("e-mail", "email"),
        Channel::Forwarded => ("doorgestuurd", "forwarded"),
        Channel::Phone => ("telefoon", "telephone"),
        Channel::Paper => ("brief", "paper"),
        Channel::Chat => ("chat", "chat"),
    };
    Label { nl: nl.to_owned(), en: en.to_owned() }
}
