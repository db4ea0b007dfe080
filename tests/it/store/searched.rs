//! What is searched is kept in step with what is stored and decided, on both engines, filled where it was not kept before, and
//! forgotten.

use super::search::{decided, everybody, filed_with, first_decided, found, handler, opened_with};
use super::*;

/// A complaint is found by who wrote and about what as soon as it is stored, and by the words of the mail with the decision on
/// it, which says whose it is. What joins it in between is lost to nobody.
#[tokio::test]
async fn the_mail_that_opens_a_complaint_is_found_with_the_decision_on_it() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let who = ("Jan Müller", "jan@example.nl");
        let one = filed_with(&store, "m1", who, "Parkeren", "Zie de plattegrond.").await;
        let joining = NewMail { body: "naschrift".to_owned(), ..mail("joins") };
        assert!(filed(&store, Filing::Joins { mail: joining, complaint: one, trigger: None }).await);
        for (typed, expected) in [("parkeren", vec![one]), ("müller", vec![one]), ("naschrift", vec![one])] {
            assert_eq!(found(&store, &everybody(), typed).await, expected, "{typed} {url}");
        }
        // Somebody was faster than the rules.
        first_decided(&store, one, |c| c.consumed = None).await;
        assert_eq!(found(&store, &everybody(), "plattegrond").await, []);
        first_decided(&store, one, |c| c.case.complaint.responsible = Some("h@lagant.nl".to_owned())).await;
        for (viewer, expected) in
            [(everybody(), vec![one]), (handler("h@lagant.nl"), vec![one]), (handler("i@lagant.nl"), vec![])]
        {
            for typed in ["plattegrond", "naschrift", "parkeren"] {
                assert_eq!(found(&store, &viewer, typed).await, expected, "{typed} {viewer:?} {url}");
            }
        }
    })
    .await;
}

/// What is forgotten is found no more, and is in no file any more.
#[tokio::test]
async fn what_is_forgotten_is_gone() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let one = opened_with(&store, "m1", ("K", "k@example.nl"), "Klacht", "zonnebloempit").await;
        for n in 0..40 {
            opened_with(&store, &format!("o{n}"), ("K", "o@example.nl"), "Klacht", "andere woorden").await;
        }
        decided(&store, one, |c| c.case.complaint.responsible = Some("h@lagant.nl".to_owned())).await;
        decided(&store, one, |c| c.case.complaint.responsible = Some("i@lagant.nl".to_owned())).await;
        assert_eq!(found(&store, &everybody(), "zonnebloempit").await, [one]);
        store.search().forget(&[one]).await.unwrap();
        store.search().merge().await.unwrap();
        assert!(found(&store, &everybody(), "zonnebloempit").await.is_empty());
        assert_eq!(found(&store, &everybody(), "woorden").await.len(), 40, "the others stay");
        // Nor does what is decided later bring it back.
        store.close().await;
        let pool = pool_of(url).await;
        let sqlite = url.starts_with("sqlite");
        let left = if sqlite {
            sqlx::query("DELETE FROM mails WHERE message_id = 'm1'").execute(&pool).await.unwrap();
            sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM search_index_data WHERE instr(block, CAST('zonnebloempit' AS BLOB)) > 0 OR instr(block, CAST('bloempit' AS BLOB)) > 0")
        } else {
            sqlx::query_scalar("SELECT COUNT(*) FROM search WHERE body LIKE '%zonnebloempit%'")
        };
        assert_eq!(left.fetch_one(&pool).await.unwrap(), 0, "{url}");
        pool.close().await;
    })
    .await;
}

/// A register from before texts were kept is searched as far as it has been gone through.
#[tokio::test]
async fn complaints_from_before_are_found_by_and_by() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let mut all = Vec::new();
        for n in 0..60 {
            all.push(
                opened_with(&store, &format!("m{n}"), ("K", &format!("k{n}@example.nl")), "Klacht", "woord")
                    .await,
            );
        }
        decided(&store, all[0], |c| c.case.complaint.cause = Some("oorzaak".to_owned())).await;
        let whole = texts(url).await;
        store.close().await;
        let pool = pool_of(url).await;
        sqlx::query("DELETE FROM search").execute(&pool).await.unwrap();
        sqlx::query("DELETE FROM meta WHERE name LIKE 'search%'").execute(&pool).await.unwrap();
        pool.close().await;
        let store = open(url).await;
        assert_eq!(store.search().waiting().await.unwrap(), 60);
        assert!(found(&store, &everybody(), "woord").await.is_empty());
        // Meanwhile everything goes on.
        let mail = NewMail { body: "erbij".to_owned(), ..mail("joins") };
        assert!(filed(&store, Filing::Joins { mail, complaint: all[1], trigger: None }).await);
        let new = opened_with(&store, "new", ("K", "new@example.nl"), "Klacht", "woord").await;
        decided(&store, all[2], |c| c.case.complaint.cause = Some("later".to_owned())).await;
        assert_eq!(store.search().fill().await.unwrap(), 35);
        let some = found(&store, &everybody(), "woord").await;
        assert_eq!((some.len(), some[0]), (26, new), "the newest first");
        while store.search().fill().await.unwrap() > 0 {}
        assert_eq!(store.search().waiting().await.unwrap(), 0);
        assert_eq!(store.search().fill().await.unwrap(), 0);
        assert_eq!(found(&store, &everybody(), "erbij").await, [all[1]]);
        assert_eq!(found(&store, &everybody(), "oorzaak").await, [all[0]]);
        assert_eq!(found(&store, &everybody(), "later").await, [all[2]]);
        let again = texts(url).await;
        let missing: Vec<_> =
            whole.iter().filter(|text| !again.contains(text)).filter(|t| t.0 >> 32 != all[2].0).collect();
        assert!(missing.is_empty(), "{missing:?}");
        store.close().await;
    })
    .await;
}

async fn texts(url: &str) -> Vec<(i64, String, String)> {
    let pool = pool_of(url).await;
    let rows =
        sqlx::query_as("SELECT id, head, body FROM search ORDER BY id").fetch_all(&pool).await.unwrap();
    pool.close().await;
    rows
}
