//! `Composing`: what is gathered, put together in one digest for each person and plugin. Nothing in it says what is no
//! longer so, and nothing stands in it twice (docs/semantics.md 8.3). Writes nothing; production, scenarios and
//! simulations use the same.

use super::links::to_do;
use super::renderer::{Renderer, Sending, Sent, holds};
use super::routing::Carriers;
use super::standing::{Reached, Standing};
use super::template_context::TemplateContext;
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Fault, Language, Notification, Recipient, Source};
use crate::message::BuiltinMessage;
use crate::store::{DigestLine, WaitingLine};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// Digests, and what became of every line that was looked at.
#[derive(Default)]
pub(super) struct Composed {
    pub digests: Vec<Sent>,
    /// What the digests carry.
    pub lines: Vec<DigestLine>,
    /// The notifications that say what is no longer so.
    pub left_out: Vec<String>,
    /// The notifications that nobody can be told now.
    pub postponed: Vec<String>,
    /// The texts in the place of the engine's own that cannot be rendered.
    pub broken: Vec<Fault>,
}

/// The way by which a digest goes: the plugin, and the address.
type Way = (Option<String>, String);

/// What makes lines say the same: complaint, message, and the element they are about; of those that stand by themselves
/// the words.
type Matter = (Option<ComplaintId>, String, String);

/// A line for one person.
struct Item<'w> {
    of: &'w WaitingLine,
    text: String,
    reference: Option<String>,
    /// The place of its part of the digest.
    part: usize,
}

impl Item<'_> {
    fn matter(&self) -> Matter {
        let element = self.of.gathered.stands_on.as_ref().map(|firing| firing.element.clone());
        (self.of.complaint, self.of.message.clone(), element.unwrap_or_else(|| self.text.clone()))
    }
}

/// The most lines of one digest: what takes longer to read is no digest, and would pass the limits of a message.
const MOST_LINES: usize = 200;

/// What stands in one digest.
struct Piece<'w> {
    way: Way,
    /// When the first of all that is gathered for this person was due.
    due_at: Option<Moment>,
    /// The lines, in the order in which they are read.
    items: Vec<Item<'w>>,
    /// The notifications that it carries, each with the place of the line that tells of it.
    said: Vec<(String, usize)>,
}

/// Shares out what is gathered for one person among digests; of lines that say the same only the newest stands there.
fn pieces<'w>(way: &Way, items: Vec<Item<'w>>) -> Vec<Piece<'w>> {
    let due_at = items.iter().map(|item| item.of.gathered.due_at).min();
    let mut told: HashMap<Matter, Vec<String>> = HashMap::new();
    let mut newest: BTreeMap<Matter, Item<'_>> = BTreeMap::new();
    for item in items {
        told.entry(item.matter()).or_default().push(item.of.notification_id.clone());
        newest.insert(item.matter(), item);
    }
    let mut items: Vec<Item<'_>> = newest.into_values().collect();
    items.sort_by_key(|item| (item.part, item.of.complaint.is_none(), item.of.complaint, item.of.at));
    let mut pieces = Vec::new();
    let mut left = items.into_iter().peekable();
    while left.peek().is_some() {
        let items: Vec<Item<'_>> = left.by_ref().take(MOST_LINES).collect();
        let carries = items.iter().enumerate().flat_map(|(place, item)| {
            told.remove(&item.matter())
                .unwrap_or_default()
                .into_iter()
                .map(move |notification| (notification, place))
        });
        let said = carries.collect();
        pieces.push(Piece { way: way.clone(), due_at, items, said });
    }
    pieces
}

/// Lines that are shared out among people and plugins, until all are there.
pub(super) struct Composing<'w> {
    present: Present<'w>,
    ways: BTreeMap<Way, Vec<Item<'w>>>,
    composed: Composed,
}

impl<'w> Composing<'w> {
    /// Begins digests that go at a moment.
    pub fn new(renderer: &'w Renderer, now: Moment) -> Self {
        Self { present: Present { renderer, now }, ways: BTreeMap::new(), composed: Composed::default() }
    }

    /// Adds lines that are due, oldest first, with the complaints they are about. Nothing is kept of those.
    pub fn add(&mut self, waiting: &'w [WaitingLine], cases: &HashMap<ComplaintId, Case>) {
        for of in waiting {
            let case = of.complaint.and_then(|id| cases.get(&id));
            if !self.present.stands(of, case) {
                self.composed.left_out.push(of.notification_id.clone());
                continue;
            }
            let addresses = self.present.addresses(of, case);
            if addresses.is_empty() {
                self.composed.postponed.push(of.notification_id.clone());
                continue;
            }
            let items = self.present.items(of, case, &addresses);
            if items.is_empty() {
                self.composed.left_out.push(of.notification_id.clone());
            }
            for (way, item) in items {
                self.ways.entry(way).or_default().push(item);
            }
        }
    }

    /// Puts the digests together.
    pub fn compose(self) -> Composed {
        let Self { present, ways, mut composed } = self;
        let pieces = ways.into_iter().flat_map(|(way, items)| pieces(&way, items));
        for (ordinal, piece) in (1..).zip(pieces) {
            present.digest(ordinal, piece, &mut composed);
        }
        composed
    }
}

/// What holds when digests go: procedure, people and texts, and the moment.
struct Present<'r> {
    renderer: &'r Renderer,
    now: Moment,
}

impl Present<'_> {
    /// Returns whether a line is still so: its complaint goes on, and the condition that sent it holds.
    fn stands(&self, of: &WaitingLine, case: Option<&Case>) -> bool {
        let procedure = self.renderer.published.ruleset.procedure();
        let is_over = |case: &Case| procedure.is_terminal(&case.complaint.state);
        let is_gone = of.complaint.is_some() && case.is_none_or(is_over);
        !is_gone && of.gathered.stands_on.as_ref().is_none_or(|firing| holds(case, firing))
    }

    /// Returns whom a line is for, as people stand now.
    fn addresses(&self, of: &WaitingLine, case: Option<&Case>) -> Vec<String> {
        let Renderer { settings, published, .. } = self.renderer;
        let complaint = case.map(|case| &case.complaint);
        Standing::new(settings, published.ruleset.procedure(), complaint, self.now)
            .reach(&of.recipient, &[])
            .addresses
    }

    /// Returns the line for each person and plugin; none where it has nothing to say.
    fn items<'w>(
        &self,
        of: &'w WaitingLine,
        case: Option<&Case>,
        addresses: &[String],
    ) -> Vec<(Way, Item<'w>)> {
        let Renderer { settings, published, .. } = self.renderer;
        let notification = Notification {
            source: Source::Person,
            ..Notification::of_engine(of.recipient.clone(), of.message.as_str().into(), Value::Null)
        };
        let plugins = self.renderer.gatherers(&notification, case, self.now);
        let mut plugins: Vec<Option<String>> = plugins.into_iter().map(Some).collect();
        if plugins.is_empty() {
            // Nobody takes it as a line any more: it goes as what mail does not bring.
            plugins.push(settings.delivery.fallback.clone());
        }
        let groups = &published.ruleset.procedure().digest.groups;
        let part = groups.iter().position(|g| of.gathered.part.as_deref() == Some(g.name.as_str()));
        let reference = case.map(|case| case.complaint.reference().to_owned());
        let mut items = Vec::new();
        for address in addresses {
            let text = self.text(of, case, self.language(address));
            if text.is_empty() {
                continue;
            }
            for plugin in &plugins {
                let (text, reference) = (text.clone(), reference.clone());
                let item = Item { of, text, reference, part: part.unwrap_or(groups.len()) };
                items.push(((plugin.clone(), address.clone()), item));
            }
        }
        items
    }

    fn language(&self, address: &str) -> Language {
        let settings = &self.renderer.settings;
        settings.people.find(address).and_then(|p| p.language).unwrap_or(settings.language)
    }

    /// Returns a line in words as things stand now; as it was decided where that cannot be written any more.
    fn text(&self, of: &WaitingLine, case: Option<&Case>, language: Language) -> String {
        let Renderer { settings, published, .. } = self.renderer;
        let reached = Reached { addresses: Vec::new(), name: String::new(), language };
        let context = TemplateContext {
            survey: None,
            settings,
            procedure: published.ruleset.procedure(),
            terms: &published.terms,
            case,
            reached: &reached,
            data: &of.gathered.data,
            now: self.now,
            nominal: None,
        };
        let line = published.templates.line(language.as_str(), &of.message, &context.values());
        line.ok().flatten().unwrap_or_else(|| of.gathered.line.clone())
    }

    /// Puts one digest of a person together.
    fn digest(&self, ordinal: u32, piece: Piece<'_>, composed: &mut Composed) {
        let Piece { way: (plugin, address), due_at, items, said } = piece;
        let language = self.language(&address);
        // Each notification is carried once at a time, so that no other digest has the same id; one whose digest was stopped,
        // because something in it was forgotten, is carried again.
        let first = said.first().map_or("", |(first, _)| first.as_str());
        let id = format!("digest/{first}/{ordinal}/{}", self.now.millis());
        let notification = Notification {
            ordinal,
            ..Notification::of_engine(
                Recipient::Person(address),
                BuiltinMessage::Digest.as_str().into(),
                self.data(&items, language),
            )
        };
        let carriers = plugin.as_deref().map_or(Carriers::Subscribers, Carriers::InPlace);
        let sending = Sending::alone(id.clone(), &notification, self.now, due_at);
        match self.renderer.notification(Sending { carriers, ..sending }) {
            Ok(sent) => {
                composed.broken.extend(sent.broken.clone());
                composed.digests.push(sent);
                composed.lines.extend(said.into_iter().map(|(notification_id, place)| DigestLine {
                    digest_id: id.clone(),
                    notification_id,
                    position: place as i64 + 1,
                    line: items[place].text.clone(),
                }));
            }
            // Not even the compiled-in text can be written: its lines wait.
            Err(error) => {
                composed.broken.push(self.renderer.fault(Source::Engine, error));
                composed.postponed.extend(said.into_iter().map(|(notification, _)| notification));
            }
        }
    }

    /// Returns what the template of a digest is handed.
    fn data(&self, items: &[Item<'_>], language: Language) -> Value {
        let groups = &self.renderer.published.ruleset.procedure().digest.groups;
        let base = self.renderer.settings.web.public_base();
        let parts = items.chunk_by(|a, b| a.part == b.part).map(|part| {
            let group = part.first().and_then(|item| groups.get(item.part));
            let label =
                group.map_or(OTHER[usize::from(language == Language::English)], |g| g.in_language(language));
            let lines = part.iter().map(|item| {
                let link = base
                    .as_deref()
                    .zip(item.reference.as_deref())
                    .map(|(base, reference)| to_do(base, reference));
                json!({"text": item.text, "reference": item.reference, "link": link})
            });
            json!({"label": label, "lines": lines.collect::<Vec<_>>()})
        });
        json!({"count": items.len(), "groups": parts.collect::<Vec<_>>(), "page": base})
    }
}

/// The heading of the lines whose message names no part, in Dutch and English.
const OTHER: [&str; 2] = ["Verder", "Other"];
