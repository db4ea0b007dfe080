//! Mails of 20 kB taken in, decided on and committed; the comparison is taking them in and nothing else.

use super::*;

const MAILS: usize = 1_000;

fn mails() -> Vec<String> {
    let text = "Ik heb een klacht over het parkeren bij de training in Utrecht. ".repeat(310);
    let mail = |i: usize| {
        format!(
            "From: k{i}@example.nl\r\nSubject: Klacht over parkeren\r\nMessage-ID: <{i}@x>\r\n\r\n{text}\r\n"
        )
    };
    (0..MAILS).map(mail).collect()
}

fn installation() -> (Installation, Vec<String>) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let clock = VirtualClock::new(start());
    let (workflow, _, store) = runtime.block_on(workflow(folder.path(), &clock));
    (Installation { runtime, store, workflow, clock, _folder: folder }, mails())
}

async fn take_in(workflow: &Workflow, mails: &[String]) {
    for mail in mails {
        redress::intake::ingest(workflow, mail.as_bytes(), "bench").await.unwrap();
    }
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_thousand_mails_read(bencher: Bencher) {
    bencher.counter(MAILS).with_inputs(mails).bench_local_values(|mails| {
        let read = mails.iter().map(|m| redress::intake::parse(m.as_bytes(), None).text.len());
        read.sum::<usize>()
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_thousand_mails_decided(bencher: Bencher) {
    bencher.counter(MAILS).with_inputs(installation).bench_local_values(|(i, mails)| {
        i.runtime.block_on(async {
            take_in(&i.workflow, &mails).await;
            assert_eq!(i.workflow.tick().await.unwrap().decisions, MAILS);
        });
        i
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_thousand_mails_taken_in_only(bencher: Bencher) {
    bencher.counter(MAILS).with_inputs(installation).bench_local_values(|(i, mails)| {
        i.runtime.block_on(take_in(&i.workflow, &mails));
        i
    });
}
