//! Every branch of `receive`, and what holds for every combination of facts.

use super::{
    AddedMail, Author, AutomatedMail, ComplaintOrigin, Disposition, Failing, IntakeOutcome, InvitationAnswer,
    MailFacts, NewComplaint, PassedOn, ReceptionReason, ReturnedMail, SenderStanding, SentLetter, Thread,
    is_told_of_bounces, receive,
};
use crate::calendar::Moment;
use crate::complaint::{
    Channel, Coming, ComplainantKind, ComplaintId, ContactChannel, IntakeId, LetterStatus, MailKind, Number,
    Party, State, StoredTrigger, TriageReason, Via,
};

const DAY: i64 = 86_400_000;
const NOW: Moment = Moment::from_millis(1_000 * DAY);
const COMPLAINANT: &str = "jan@example.nl";
const SUBMITTER: &str = "dochter@example.nl";
const COLLEAGUE: &str = "behandelaar@lagant.nl";
/// Somebody of the organisation who is none of the people in the settings.
const EMPLOYEE: &str = "balie@lagant.nl";
const STRANGER: &str = "piet@example.nl";
const WRITTEN_FOR: &str = "nora@example.nl";
/// The complaint of the thread, of the invitation, and of the letter that came back.
const THREAD: ComplaintId = ComplaintId(1);
const INVITED: ComplaintId = ComplaintId(2);
const RETURNED: ComplaintId = ComplaintId(3);

fn mail(from: &str) -> MailFacts {
    let from = Party { name: String::new(), email: from.to_owned() };
    let (standing, kind) = match from.email.as_str() {
        COLLEAGUE => (SenderStanding::Colleague, ComplainantKind::Internal),
        EMPLOYEE => (SenderStanding::Employee, ComplainantKind::Internal),
        _ => (SenderStanding::Outsider, ComplainantKind::External),
    };
    let facts = MailFacts::new(from, "Klacht".to_owned(), NOW);
    MailFacts { standing, complainant_kind: kind, ..facts }
}

fn thread(takes_mail: bool) -> Option<Thread> {
    Some(Thread {
        complaint: THREAD,
        number: Some(Number::new(2026, 1)),
        complainant: Some(COMPLAINANT.to_owned()),
        submitter: Some(SUBMITTER.to_owned()),
        takes_mail,
    })
}

fn invitation() -> Option<InvitationAnswer> {
    let complainant = Some(COMPLAINANT.to_owned());
    Some(InvitationAnswer { complaint: INVITED, complainant, meeting: 2, coming: Coming::Declined })
}

fn passed_on(sent_at: Option<Moment>, is_ours: bool) -> Option<PassedOn> {
    let from = Party { name: "Anna".to_owned(), email: "anna@example.nl".to_owned() };
    Some(PassedOn { from, sent_at, is_ours })
}

fn letter() -> Option<SentLetter> {
    Some(SentLetter { message: "acknowledgement".to_owned(), version: 4, ordinal: 1 })
}

fn opened(facts: &MailFacts) -> NewComplaint {
    match receive(facts).disposition {
        Disposition::Complaint(new) => *new,
        other => panic!("no complaint: {other:?}"),
    }
}

fn added(facts: &MailFacts) -> AddedMail {
    match receive(facts).disposition {
        Disposition::Addition(added) => added,
        other => panic!("not added: {other:?}"),
    }
}

fn automated(facts: &MailFacts) -> AutomatedMail {
    match receive(facts).disposition {
        Disposition::Automated(automated) => automated,
        other => panic!("not automated: {other:?}"),
    }
}

#[test]
fn a_mail_that_is_known_is_a_duplicate_whatever_it_says() {
    let facts = MailFacts { is_known: true, thread: thread(true), answer: invitation(), ..mail(COMPLAINANT) };
    let reception = receive(&facts);
    assert_eq!(reception.disposition, Disposition::Duplicate);
    assert_eq!(reception.reason, ReceptionReason::KnownMail);
}

#[test]
fn a_strangers_mail_opens_a_complaint_that_nobody_need_judge() {
    let new = opened(&mail(STRANGER));
    assert_eq!((new.by.as_str(), new.triage_reason, new.refers_to.clone()), (STRANGER, None, None));
    assert_eq!(new.trigger(), StoredTrigger::Received { by: STRANGER.to_owned() });
    assert_eq!(receive(&mail(STRANGER)).reason, ReceptionReason::NewMatter);
    let complaint = new.into_complaint(IntakeId::new(2026, 7), State::from("first"));
    assert_eq!((complaint.channel, complaint.complainant.email.as_str()), (Channel::Email, STRANGER));
    assert_eq!(complaint.complainant_kind, ComplainantKind::External);
    assert_eq!((complaint.received_at, complaint.state.as_str()), (NOW, "first"));
}

#[test]
fn a_colleague_who_complains_is_an_internal_complainant() {
    let complaint = opened(&mail(COLLEAGUE)).into_complaint(IntakeId::new(2026, 7), State::from("first"));
    assert_eq!(complaint.complainant_kind, ComplainantKind::Internal);
    assert_eq!((complaint.channel, complaint.triage_reason), (Channel::Email, None));
}

#[test]
fn what_cannot_be_answered_by_itself_waits_for_a_person() {
    let judged = |facts: MailFacts| {
        let reason = opened(&facts).triage_reason;
        assert_eq!(reason.map(ReceptionReason::NeedsJudgement), Some(receive(&facts).reason));
        reason
    };
    assert_eq!(judged(mail("")), Some(TriageReason::NoSender));
    let closed = MailFacts { is_closed: true, ..mail(STRANGER) };
    assert_eq!(judged(closed), Some(TriageReason::Unreadable));
    let closed = MailFacts { is_closed: true, ..mail("") };
    assert_eq!(
        judged(closed),
        Some(TriageReason::Unreadable),
        "it must be sent again, from wherever it came"
    );
    let suppressed = MailFacts { asks_no_answer: true, ..mail(STRANGER) };
    assert_eq!(judged(suppressed), Some(TriageReason::NoAutoReply));
    let refers = MailFacts { thread: thread(true), is_closed: true, ..mail(STRANGER) };
    assert_eq!(judged(refers), Some(TriageReason::StrangerReply));
}

#[test]
fn the_parties_of_a_complaint_add_to_it() {
    for (from, from_complainant) in
        [(COMPLAINANT, true), (SUBMITTER, true), ("DOCHTER@example.nl", true), (COLLEAGUE, false)]
    {
        let facts = MailFacts { thread: thread(true), ..mail(from) };
        let mail = added(&facts);
        assert_eq!((mail.complaint, mail.kind), (THREAD, MailKind::Addition), "{from}");
        assert_eq!(
            mail.trigger,
            Some(StoredTrigger::Mail { by: from.to_owned(), from_complainant }),
            "{from}"
        );
        assert_eq!(receive(&facts).reason, ReceptionReason::PartyWrites);
    }
}

#[test]
fn a_stranger_who_refers_to_a_complaint_neither_adds_to_it_nor_follows_it() {
    for takes_mail in [true, false] {
        let new = opened(&MailFacts { thread: thread(takes_mail), ..mail(STRANGER) });
        assert_eq!((new.triage_reason, new.refers_to), (Some(TriageReason::StrangerReply), None));
    }
    let nobody = Thread { submitter: Some(String::new()), ..thread(true).expect("a thread") };
    let new = opened(&MailFacts { thread: Some(nobody), ..mail("") });
    assert_eq!(new.triage_reason, Some(TriageReason::StrangerReply), "an empty submitter is nobody");
}

#[test]
fn after_closing_a_party_opens_a_complaint_that_refers_to_the_earlier_one() {
    for from in [COMPLAINANT, SUBMITTER, COLLEAGUE] {
        let new = opened(&MailFacts { thread: thread(false), is_closed: true, ..mail(from) });
        assert_eq!(new.triage_reason, Some(TriageReason::AfterClosing), "{from}");
        assert_eq!(new.refers_to, Some(Number::new(2026, 1)));
    }
}

#[test]
fn an_answer_to_an_invitation_changes_the_meeting_of_its_complaint() {
    let facts = MailFacts { answer: invitation(), thread: thread(true), ..mail(COMPLAINANT) };
    let mail_of = added(&facts);
    assert_eq!((mail_of.complaint, mail_of.kind), (INVITED, MailKind::Attendance));
    let by = COMPLAINANT.to_owned();
    assert_eq!(mail_of.trigger, Some(StoredTrigger::Attendance { by, meeting: 2, coming: Coming::Declined }));
    assert_eq!(receive(&facts).reason, ReceptionReason::AnswersInvitation);
    let by_machine = MailFacts { author: Author::AutoReply, ..facts };
    assert_eq!(added(&by_machine).kind, MailKind::Attendance, "calendars answer by themselves");
}

#[test]
fn a_colleagues_answer_is_for_their_own_calendar_and_a_strangers_is_for_a_person() {
    let added = added(&MailFacts { answer: invitation(), ..mail(COLLEAGUE) });
    assert_eq!((added.complaint, added.trigger), (INVITED, None));
    let stranger = MailFacts { answer: invitation(), thread: thread(true), ..mail(STRANGER) };
    assert_eq!(opened(&stranger).triage_reason, Some(TriageReason::StrangerReply));
}

#[test]
fn a_machines_mail_is_kept_under_its_kind_and_answered_by_nothing() {
    for (author, kind) in [
        (Author::AutoReply, MailKind::AutoReply),
        (Author::Bounce, MailKind::Bounce),
        (Author::Receipt, MailKind::Receipt),
        (Author::List, MailKind::List),
        (Author::Loop, MailKind::Loop),
    ] {
        let facts = MailFacts { author, thread: thread(false), ..mail(COMPLAINANT) };
        let kept = automated(&facts);
        assert_eq!((kept.kind, kept.complaint), (kind, Some(THREAD)));
        assert_eq!((kept.trigger, kept.unreached_colleague), (None, None));
        assert_eq!(receive(&facts).reason, ReceptionReason::ByMachine);
        assert_eq!(automated(&MailFacts { thread: None, ..facts }).complaint, None);
    }
}

#[test]
fn our_own_letter_come_back_is_no_complaint() {
    let facts = MailFacts { is_own_letter: true, thread: thread(true), ..mail(COMPLAINANT) };
    assert_eq!(automated(&facts).kind, MailKind::Own);
    assert_eq!(receive(&facts).reason, ReceptionReason::OwnLetter);
    let bounce = MailFacts { author: Author::Bounce, ..facts };
    assert_eq!(automated(&bounce).kind, MailKind::Bounce, "a report that quotes its letter is a report");
}

#[test]
fn a_letter_that_will_not_arrive_has_failed_and_a_late_one_has_not() {
    let returned = |failing| {
        let letter = letter();
        let colleague = Some(COLLEAGUE.to_owned());
        let returned = ReturnedMail { failing, complaint: Some(RETURNED), letter, colleague };
        MailFacts { author: Author::Bounce, thread: thread(true), returned: Some(returned), ..mail("") }
    };
    let failed = automated(&returned(Failing::Permanent));
    assert_eq!((failed.kind, failed.complaint), (MailKind::Bounce, Some(RETURNED)));
    let (message, status) = ("acknowledgement".to_owned(), LetterStatus::Failed);
    assert_eq!(failed.trigger, Some(StoredTrigger::Delivered { message, version: 4, ordinal: 1, status }));
    assert_eq!(failed.unreached_colleague, None, "a letter to a complainant");
    let late = automated(&returned(Failing::Temporary));
    assert_eq!((late.complaint, late.trigger), (Some(RETURNED), None));
    assert_eq!(receive(&returned(Failing::Temporary)).reason, ReceptionReason::LetterReturned);
}

#[test]
fn a_colleague_whom_mail_does_not_reach_is_counted() {
    let returned = |failing, colleague: Option<&str>| {
        let colleague = colleague.map(str::to_owned);
        let returned = ReturnedMail { failing, complaint: None, letter: None, colleague };
        automated(&MailFacts { author: Author::Bounce, returned: Some(returned), ..mail("") })
    };
    let counted = returned(Failing::Permanent, Some(COLLEAGUE));
    assert_eq!((counted.unreached_colleague.as_deref(), counted.complaint), (Some(COLLEAGUE), None));
    assert_eq!(returned(Failing::Temporary, Some(COLLEAGUE)).unreached_colleague, None);
    assert_eq!(returned(Failing::Permanent, None).unreached_colleague, None);
    let told: Vec<i64> = (0..10).filter(|n| is_told_of_bounces(*n)).collect();
    assert_eq!(told, [2], "told once");
}

#[test]
fn what_a_colleague_passes_on_proposes_its_complainant() {
    let sent = NOW.plus_millis(-3 * DAY);
    let attached = MailFacts { attached: passed_on(Some(sent), false), ..mail(COLLEAGUE) };
    let new = opened(&attached);
    assert_eq!((new.triage_reason, new.received_at), (Some(TriageReason::Forwarded), sent));
    let complaint = new.into_complaint(IntakeId::new(2026, 7), State::from("first"));
    assert_eq!((complaint.channel, complaint.complainant), (Channel::Forwarded, Party::default()));
    assert_eq!(complaint.forwarded_by.as_deref(), Some(COLLEAGUE));
    assert_eq!(complaint.proposed_complainant.map(|p| p.email).as_deref(), Some("anna@example.nl"));
    assert_eq!(complaint.complainant_kind, ComplainantKind::External, "who complains is not yet known");
}

#[test]
fn a_subject_that_says_forwarded_is_enough_and_makes_a_header_block_count() {
    let subject = "FW: Klacht".to_owned();
    let bare = opened(&MailFacts { subject: subject.clone(), ..mail(COLLEAGUE) });
    assert_eq!(bare.origin, ComplaintOrigin::Forwarded { proposed: None });
    let block = MailFacts { inline: passed_on(None, false), ..mail(COLLEAGUE) };
    assert!(matches!(opened(&block).origin, ComplaintOrigin::Email { .. }), "a quoted mail is no forward");
    let forwarded = opened(&MailFacts { subject, ..block });
    assert!(matches!(forwarded.origin, ComplaintOrigin::Forwarded { proposed: Some(_) }));
}

#[test]
fn whoever_works_here_passes_on_and_adds_to_no_complaint() {
    let attached = MailFacts { attached: passed_on(Some(NOW), false), ..mail(EMPLOYEE) };
    let new = opened(&attached);
    assert_eq!(new.triage_reason, Some(TriageReason::Forwarded));
    assert!(matches!(&new.origin, ComplaintOrigin::Forwarded { proposed: Some(_) }), "{new:?}");
    assert_eq!((new.by.as_str(), new.received_at), (EMPLOYEE, NOW));
    let bare = opened(&MailFacts { subject: "FW: Klacht".to_owned(), ..mail(EMPLOYEE) });
    assert_eq!(bare.origin, ComplaintOrigin::Forwarded { proposed: None });
    let own = opened(&mail(EMPLOYEE));
    assert!(matches!(own.origin, ComplaintOrigin::Email { .. }) && own.triage_reason.is_none(), "{own:?}");
    let thread = opened(&MailFacts { thread: thread(true), ..mail(EMPLOYEE) });
    assert_eq!(thread.triage_reason, Some(TriageReason::StrangerReply));
    // What a header block does not say, the fields of a form may.
    let written_for = Some(Party { name: String::new(), email: WRITTEN_FOR.to_owned() });
    let form = opened(&MailFacts { subject: "FW: Klacht".to_owned(), written_for, ..mail(EMPLOYEE) });
    assert!(
        matches!(&form.origin, ComplaintOrigin::Forwarded { proposed: Some(p) } if p.email == WRITTEN_FOR)
    );
    // A list is nobody: who wrote by it is.
    let written_for = Some(Party { name: String::new(), email: WRITTEN_FOR.to_owned() });
    let by_group = opened(&MailFacts { written_for, is_by_own_list: true, ..attached });
    assert!(matches!(by_group.origin, ComplaintOrigin::WrittenFor { .. }), "{by_group:?}");
}

#[test]
fn nobody_proposes_by_forwarding_our_own_mail_or_without_being_a_colleague() {
    let ours = MailFacts { attached: passed_on(None, true), ..mail(COLLEAGUE) };
    assert!(matches!(opened(&ours).origin, ComplaintOrigin::Email { .. }));
    let subject = "FW: Klacht".to_owned();
    let stranger = MailFacts { subject, attached: passed_on(None, false), ..mail(STRANGER) };
    let new = opened(&stranger);
    assert!(matches!(new.origin, ComplaintOrigin::Email { .. }) && new.triage_reason.is_none(), "{new:?}");
}

#[test]
fn times_count_only_when_they_are_believable() {
    let at = |days: i64| Some(NOW.plus_millis(days * DAY));
    let arrived = |arrived_at| receive(&MailFacts { arrived_at, ..mail(STRANGER) }).arrived_at;
    assert_eq!(arrived(at(-2)), NOW.plus_millis(-2 * DAY));
    assert_eq!(arrived(at(1)), NOW, "the future");
    assert_eq!(arrived(Some(Moment::from_millis(0))), NOW, "no date at all");
    let received = |sent_at| {
        let attached = passed_on(sent_at, false);
        opened(&MailFacts { arrived_at: at(-2), attached, ..mail(COLLEAGUE) }).received_at
    };
    assert_eq!(received(at(-92)), NOW.plus_millis(-92 * DAY));
    assert_eq!(received(at(-93)), NOW.plus_millis(-2 * DAY), "older than is believed");
    assert_eq!(received(at(-1)), NOW.plus_millis(-2 * DAY), "later than the mail that passes it on");
    assert_eq!(received(None), NOW.plus_millis(-2 * DAY));
}

#[test]
fn a_contact_is_a_complaint_by_another_channel() {
    let first_contact_on = "2026-11-20".parse().ok();
    let new = NewComplaint {
        by: COLLEAGUE.to_owned(),
        subject: "Telefoon".to_owned(),
        received_at: NOW,
        origin: ComplaintOrigin::Contact {
            channel: ContactChannel::Phone,
            complainant: Party { name: "Jan".to_owned(), email: COMPLAINANT.to_owned() },
            kind: ComplainantKind::External,
            first_contact_on,
            via: Via::Page,
        },
        triage_reason: None,
        refers_to: None,
    };
    assert_eq!(new.trigger(), StoredTrigger::Contact { by: COLLEAGUE.to_owned(), via: Via::Page });
    let complaint = new.into_complaint(IntakeId::new(2026, 7), State::from("first"));
    assert_eq!((complaint.channel, complaint.first_contact_on), (Channel::Phone, first_contact_on));
    assert_eq!((complaint.complainant.email.as_str(), complaint.forwarded_by), (COMPLAINANT, None));
}

/// The number of combinations of facts: senders, subjects, threads, authors, own, known, answers, reports,
/// attached, inline, closed, asks no answer.
const COMBINATIONS: usize = 6 * 2 * 3 * 8 * 2 * 2 * 2 * 4 * 3 * 3 * 2 * 2;

/// Looks at every combination of facts that can lead to another branch.
fn every_combination(look: impl Fn(&MailFacts)) {
    let returned = |failing, letter: Option<SentLetter>, complaint| {
        Some(ReturnedMail { failing, complaint, letter, colleague: Some(COLLEAGUE.to_owned()) })
    };
    let reports = [
        None,
        returned(Failing::Temporary, letter(), Some(RETURNED)),
        returned(Failing::Permanent, letter(), Some(RETURNED)),
        returned(Failing::Permanent, None, None),
    ];
    let forwards = [None, passed_on(Some(NOW), false), passed_on(None, true)];
    let threads = [None, thread(true), thread(false)];
    for number in 0..COMBINATIONS {
        let mut left = number;
        let mut pick = |choices: usize| {
            let picked = left % choices;
            left /= choices;
            picked
        };
        let sender = mail([COMPLAINANT, SUBMITTER, COLLEAGUE, EMPLOYEE, STRANGER, ""][pick(6)]);
        look(&MailFacts {
            subject: ["Klacht", "Fwd: Klacht"][pick(2)].to_owned(),
            thread: threads[pick(3)].clone(),
            author: Author::ALL[pick(8)],
            is_own_letter: pick(2) == 1,
            is_known: pick(2) == 1,
            answer: if pick(2) == 1 { invitation() } else { None },
            returned: reports[pick(4)].clone(),
            attached: forwards[pick(3)].clone(),
            inline: forwards[pick(3)].clone(),
            is_closed: pick(2) == 1,
            asks_no_answer: pick(2) == 1,
            answers_from: NOW.plus_millis(-14 * DAY),
            ..beside((number / 7) % 5, sender)
        });
        assert_eq!(left, 0, "every combination once");
    }
}

/// What a mail may be beside everything else: for somebody, through our own list, a notice of absence, old.
fn beside(which: usize, facts: MailFacts) -> MailFacts {
    let written_for = Some(Party { name: String::new(), email: WRITTEN_FOR.to_owned() });
    match which {
        1 => MailFacts { written_for, ..facts },
        2 => MailFacts { written_for, is_by_own_list: true, ..facts },
        3 => MailFacts { absence_follows: Some(NOW), ..facts },
        4 => MailFacts { arrived_at: Some(NOW.plus_millis(-100 * DAY)), ..facts },
        _ => facts,
    }
}

/// A person wrote what neither headers nor words give to a machine, what came through our own list, and what a
/// form sends for somebody.
fn is_by_person(facts: &MailFacts) -> bool {
    match facts.author {
        Author::Human => facts.absence_follows.is_none(),
        Author::List => facts.is_by_own_list && facts.absence_follows.is_none(),
        Author::Generated | Author::Nobody => is_for_somebody_else(facts),
        _ => false,
    }
}

fn is_for_somebody_else(facts: &MailFacts) -> bool {
    let writes = facts.is_by_own_list || matches!(facts.author, Author::Generated | Author::Nobody);
    facts.written_for.is_some() && writes && !facts.is_from_colleague()
}

/// A person's mail ends with a person, who hears of an addition or judges a complaint, or with an answer, for
/// which there must be an address and a readable text. The one exception is a colleague's answer to an
/// invitation.
#[test]
fn a_persons_mail_always_ends_with_a_person_or_an_answer() {
    every_combination(|facts| {
        if facts.is_known || facts.is_own_letter || !is_by_person(facts) {
            return;
        }
        match receive(facts).disposition {
            Disposition::Addition(AddedMail { kind: MailKind::Attendance, trigger: None, .. }) => {
                assert!(facts.is_from_colleague(), "{facts:?}");
            }
            Disposition::Addition(added) => assert!(added.trigger.is_some(), "{facts:?}"),
            Disposition::Complaint(new) => {
                let is_old = facts.arrived_at.is_some_and(|at| at < facts.answers_from);
                let is_answered = facts.from.address().is_some()
                    && !(facts.is_closed || facts.asks_no_answer || is_old || is_for_somebody_else(facts));
                assert!(new.triage_reason.is_some() || is_answered, "{facts:?}");
            }
            other => panic!("{other:?} of {facts:?}"),
        }
    });
}

/// What no combination of facts may lead to.
#[test]
fn no_combination_of_facts_leads_to_what_must_not_be() {
    every_combination(|facts| {
        let reception = receive(facts);
        assert_eq!(facts.is_known, reception.disposition == Disposition::Duplicate, "{facts:?}");
        assert!(reception.arrived_at <= facts.now);
        let is_party = [COMPLAINANT, SUBMITTER, COLLEAGUE].contains(&facts.from.email.as_str());
        match reception.disposition {
            Disposition::Duplicate => {}
            Disposition::Automated(mail) => {
                let is_machine = facts.is_own_letter || !is_by_person(facts);
                assert!(is_machine, "a person's mail is answered: {facts:?}");
                let is_failed = |t: &StoredTrigger| {
                    matches!(t, StoredTrigger::Delivered { status: LetterStatus::Failed, .. })
                };
                assert!(mail.trigger.as_ref().is_none_or(is_failed), "machines say nothing else: {facts:?}");
                assert!(mail.trigger.is_none() || facts.author == Author::Bounce, "{facts:?}");
                assert!(mail.trigger.is_none() || mail.complaint == Some(RETURNED), "{facts:?}");
            }
            Disposition::Addition(mail) => {
                assert!(is_party, "a stranger adds nothing: {facts:?}");
                assert!([THREAD, INVITED].contains(&mail.complaint));
                let is_open = facts.thread.as_ref().is_some_and(|t| t.takes_mail);
                assert!(mail.kind == MailKind::Attendance || is_open, "{facts:?}");
            }
            Disposition::Complaint(new) => {
                assert!(is_by_person(facts), "a machine opens nothing: {facts:?}");
                let is_proposed = matches!(new.origin, ComplaintOrigin::WrittenFor { .. });
                assert!(!is_proposed || new.triage_reason.is_some(), "a person confirms: {facts:?}");
                assert!(new.refers_to.is_none() || is_party, "{facts:?}");
                let is_forwarded = matches!(new.origin, ComplaintOrigin::Forwarded { .. });
                assert!(!is_forwarded || facts.is_from_within(), "only our own people pass on: {facts:?}");
                assert!(!is_forwarded || new.triage_reason.is_some(), "a person confirms: {facts:?}");
            }
        }
    });
}

#[test]
fn every_outcome_has_its_word() {
    let words: Vec<&str> = IntakeOutcome::ALL.iter().map(|o| o.as_str()).collect();
    assert_eq!(words, ["complaint", "addition", "automated", "duplicate"]);
}
