//! The words of scenarios as values: what [`super::scenario`] plays, with parameters, help and an example each.

use crate::rules::words::kind::Items;
use crate::rules::words::kind::Kind::{Any, Date, List, Map, Name, Span, Text};
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::{Example, Form, Help, Parameter, Place, Word};

/// Words whose last text is a recipient and a message, or a list of such.
pub(in crate::rules) const NOTICES: &[&str] = &["expect_notified", "expect_sent", "expect_reached"];

/// Returns the word of a name.
pub(in crate::rules) fn find(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|w| w.name == name)
}

const fn word(
    name: &'static str,
    forms: &'static [Form],
    nl: &'static str,
    en: &'static str,
    example: &'static str,
) -> Word {
    let (help, example) = (Help { nl, en }, Example { place: Place::Body, text: example });
    Word { name, forms, help, example, ..Word::LOOKS }
}

const fn takes(name: &'static str, kind: crate::rules::words::kind::Kind) -> Parameter {
    Parameter { name, kind }
}

/// Every word of scenarios, in the order of the guide.
pub(in crate::rules) const WORDS: &[Word] = &[
    word(
        "at",
        &[
            Form { takes: &[takes("local", Text)], gives: Any },
            Form { takes: &[takes("day", Date), takes("time", Text)], gives: Any },
        ],
        "de klok gaat naar een tijd; wat onderweg vervalt, gebeurt",
        "the clock goes to a time; what falls due on the way happens",
        "at(\"2026-11-23 10:00\");",
    ),
    word(
        "just_before",
        &[Form { takes: &[takes("day", Date), takes("time", Text)], gives: Any }],
        "de klok gaat naar een minuut voor een tijd: wat dan zou gebeuren, is er nog niet",
        "the clock goes to a minute before a time: what would happen then has not happened yet",
        "just_before(today + days(3), \"09:00\");",
    ),
    word(
        "wait",
        &[Form { takes: &[takes("span", Span)], gives: Any }],
        "de klok gaat zo lang verder",
        "the clock goes on by a span",
        "wait(days(3));",
    ),
    word(
        "outage",
        &[
            Form { takes: &[takes("until", Text)], gives: Any },
            Form { takes: &[takes("day", Date), takes("time", Text)], gives: Any },
        ],
        "Redress staat stil tot een tijd; wat gemist is, gebeurt dan ineens",
        "Redress stands still until a time; what was missed happens at once",
        "outage(\"2026-12-09 09:00\");",
    ),
    word(
        "mail",
        &[Form { takes: &[takes("mail", Map)], gives: Any }],
        "er komt een bericht binnen; geeft de klacht",
        "a mail comes in; gives the complaint",
        "let k = mail(#{ from: \"jan@example.nl\", subject: \"Klacht\", text: \"\" });",
    ),
    word(
        "contact",
        &[Form { takes: &[takes("contact", Map)], gives: Any }],
        "een medewerker legt een gesprek of brief vast; geeft de klacht",
        "an employee logs a call or a letter; gives the complaint",
        "let k = contact(#{ channel: \"phone\", from: \"jan@example.nl\", subject: \"Klacht\", by: \"ontvanger@example.nl\" });",
    ),
    word(
        "reply",
        &[
            Form { takes: &[takes("complaint", Any)], gives: Any },
            Form { takes: &[takes("complaint", Any), takes("address", Text)], gives: Any },
        ],
        "de klager antwoordt; geeft de klacht waar het antwoord terechtkwam",
        "the complainant answers; gives the complaint in which the answer ended up",
        "reply(k);",
    ),
    word(
        "answers_invitation",
        &[Form {
            takes: &[takes("complaint", Any), takes("answer", Name(Vocabulary::MeetingAnswer))],
            gives: Any,
        }],
        "de klager antwoordt op de uitnodiging",
        "the complainant answers the invitation",
        "answers_invitation(k, \"tentative\");",
    ),
    word(
        "recall",
        &[Form {
            takes: &[
                takes("complaint", Any),
                takes("who", Text),
                takes("message", Name(Vocabulary::Message)),
            ],
            gives: Any,
        }],
        "iemand haalt een brief terug die nog niet weg is",
        "somebody calls a letter back that has not gone yet",
        "recall(k, \"a@example.nl\", \"{message}\");",
    ),
    word(
        "bounce",
        &[Form {
            takes: &[takes("complaint", Any), takes("message", Name(Vocabulary::Message))],
            gives: Any,
        }],
        "de laatste brief van die naam kwam niet aan",
        "the newest letter of that name did not arrive",
        "bounce(k, \"{message}\");",
    ),
    word(
        "person",
        &[Form {
            takes: &[takes("address", Text), takes("roles", List(Items::Names(Vocabulary::Role)))],
            gives: Any,
        }],
        "iemand heeft deze rollen",
        "somebody has these roles",
        "person(\"x@example.nl\", [\"{role}\"]);",
    ),
    word(
        "absent",
        &[
            Form { takes: &[takes("address", Text), takes("from", Text), takes("to", Text)], gives: Any },
            Form { takes: &[takes("address", Text), takes("from", Date), takes("to", Date)], gives: Any },
        ],
        "iemand is er niet, van een dag tot en met een dag",
        "somebody is away from a day to a day",
        "absent(\"x@example.nl\", \"2026-12-24\", \"2027-01-04\");",
    ),
    word(
        "deputy",
        &[Form { takes: &[takes("address", Text), takes("deputy", Text)], gives: Any }],
        "iemand heeft een vervanger",
        "somebody has a deputy",
        "deputy(\"x@example.nl\", \"y@example.nl\");",
    ),
    word(
        "conclude",
        &[Form { takes: &[takes("from", Text), takes("to", Text)], gives: Any }],
        "het verslag van een periode is vastgesteld",
        "the report of a period was concluded",
        "conclude(\"2026-10-01\", \"2026-12-31\");",
    ),
    word(
        "recommend",
        &[Form { takes: &[takes("follow_up_on", Text)], gives: Any }],
        "er is een aanbeveling, te bekijken op een dag",
        "there is a recommendation, to be looked at on a day",
        "recommend(\"2027-11-23\");",
    ),
    word(
        "act",
        &[Form {
            takes: &[
                takes("complaint", Any),
                takes("address", Text),
                takes("action", Name(Vocabulary::Action)),
                takes("answers", Map),
            ],
            gives: Any,
        }],
        "iemand doet een actie",
        "somebody does an action",
        "act(k, \"x@example.nl\", \"{action}\", #{});",
    ),
    word(
        "refused",
        &[Form {
            takes: &[
                takes("complaint", Any),
                takes("address", Text),
                takes("action", Name(Vocabulary::Action)),
                takes("answers", Map),
                takes("words", Text),
            ],
            gives: Any,
        }],
        "de actie wordt geweigerd, met deze woorden",
        "the action is refused, with these words",
        "refused(k, \"x@example.nl\", \"{action}\", #{}, \"niet\");",
    ),
    word(
        "expect_state",
        &[Form { takes: &[takes("complaint", Any), takes("state", Name(Vocabulary::State))], gives: Any }],
        "de klacht is in deze status",
        "the complaint is in this state",
        "expect_state(k, \"{state}\");",
    ),
    word(
        "expect",
        &[Form {
            takes: &[takes("complaint", Any), takes("field", Name(Vocabulary::Field)), takes("value", Any)],
            gives: Any,
        }],
        "een veld heeft deze waarde",
        "a field has this value",
        "expect(k, \"verdict\", \"{verdict}\");",
    ),
    word(
        "expect_deadline",
        &[
            Form {
                takes: &[
                    takes("complaint", Any),
                    takes("name", Name(Vocabulary::Deadline)),
                    takes("day", Text),
                ],
                gives: Any,
            },
            Form {
                takes: &[
                    takes("complaint", Any),
                    takes("name", Name(Vocabulary::Deadline)),
                    takes("day", Date),
                ],
                gives: Any,
            },
        ],
        "een termijn loopt tot en met een dag",
        "a term runs until a day",
        "expect_deadline(k, \"{deadline}\", \"2026-12-07\");",
    ),
    word(
        "due",
        &[Form { takes: &[takes("complaint", Any), takes("name", Name(Vocabulary::Deadline))], gives: Date }],
        "de dag waarop een termijn eindigt",
        "the day on which a term ends",
        "at(due(k, \"{deadline}\") + days(1), \"10:00\");",
    ),
    word(
        "first_workday_from",
        &[Form { takes: &[takes("day", Date)], gives: Date }],
        "die dag, of op een vrije dag de eerste werkdag erna",
        "that day, or from a day off the first working day after it",
        "expect(k, \"promised_by\", first_workday_from(today + weeks(6)));",
    ),
    word(
        "last_workday_until",
        &[Form { takes: &[takes("day", Date)], gives: Date }],
        "die dag, of op een vrije dag de laatste werkdag ervoor",
        "that day, or from a day off the last working day before it",
        "at(last_workday_until(today + weeks(6)), \"09:00\");",
    ),
    word(
        "expect_met",
        &[Form { takes: &[takes("complaint", Any), takes("name", Name(Vocabulary::Deadline))], gives: Any }],
        "aan een termijn is voldaan",
        "a term was met",
        "expect_met(k, \"{deadline}\");",
    ),
    word(
        "expect_cancelled",
        &[Form { takes: &[takes("complaint", Any), takes("name", Name(Vocabulary::Deadline))], gives: Any }],
        "een termijn is vervallen",
        "a term was cancelled",
        "expect_cancelled(k, \"{deadline}\");",
    ),
    word(
        "expect_overdue",
        &[Form { takes: &[takes("complaint", Any), takes("name", Name(Vocabulary::Deadline))], gives: Any }],
        "een termijn is voorbij",
        "a term has passed",
        "expect_overdue(k, \"{deadline}\");",
    ),
    word(
        "expect_paused",
        &[Form { takes: &[takes("complaint", Any), takes("name", Name(Vocabulary::Deadline))], gives: Any }],
        "een termijn is gepauzeerd",
        "a term is paused",
        "expect_paused(k, \"{deadline}\");",
    ),
    word(
        "expect_notified",
        &[Form { takes: &[takes("complaint", Any), takes("notices", List(Items::Texts))], gives: Any }],
        "wat er sinds de vorige vraag verstuurd is, precies",
        "what was sent since it was asked last, exactly",
        "expect_notified(k, [\"{role} {message}\"]);",
    ),
    word(
        "expect_sent",
        &[Form { takes: &[takes("notices", List(Items::Texts))], gives: Any }],
        "wat er bij geen klacht verstuurd is, precies",
        "what was sent about no complaint, exactly",
        "expect_sent([\"{role} {message}\"]);",
    ),
    word(
        "expect_digest",
        &[
            Form {
                takes: &[takes("address", Text), takes("messages", List(Items::Names(Vocabulary::Message)))],
                gives: Any,
            },
            Form {
                takes: &[
                    takes("address", Text),
                    takes("messages", List(Items::Names(Vocabulary::Message))),
                    takes("words", List(Items::Texts)),
                ],
                gives: Any,
            },
        ],
        "de berichten in het overzicht dat iemand sinds de vorige vraag kreeg, precies; en woorden die erin staan",
        "the messages in the digest that somebody got since it was asked last, exactly; and words that stand in it",
        "expect_digest(\"x@example.nl\", [\"{message}\"]);",
    ),
    word(
        "expect_letter",
        &[Form {
            takes: &[
                takes("complaint", Any),
                takes("message", Name(Vocabulary::Message)),
                takes("words", List(Items::Texts)),
            ],
            gives: Any,
        }],
        "de laatste brief van die naam bevat deze woorden; een dag en een termijn staan er in woorden, een lijst in de lijst is wat op elkaar volgt",
        "the newest letter of that name holds these words; a day and a term stand there in words, a list in the list is what follows each other",
        "expect_letter(k, \"{message}\", [\"woorden\", today, [\"binnen\", weeks(2)]]);",
    ),
    word(
        "expect_reached",
        &[Form {
            takes: &[
                takes("complaint", Any),
                takes("notification", Text),
                takes("addresses", List(Items::Texts)),
            ],
            gives: Any,
        }],
        "de laatste brief van die naam ging naar deze adressen",
        "the newest letter of that name went to these addresses",
        "expect_reached(k, \"{role} {message}\", [\"x@example.nl\"]);",
    ),
    word(
        "expect_offered",
        &[Form { takes: &[takes("complaint", Any), takes("action", Name(Vocabulary::Action))], gives: Any }],
        "de actie kan",
        "the action is possible",
        "expect_offered(k, \"{action}\");",
    ),
    word(
        "expect_not_offered",
        &[Form { takes: &[takes("complaint", Any), takes("action", Name(Vocabulary::Action))], gives: Any }],
        "de actie kan niet",
        "the action is not possible",
        "expect_not_offered(k, \"{action}\");",
    ),
];
