//! The audit pack of a year, through the real program: what is in it, who may have it, what was changed is found; and the head of
//! the trail that somebody kept.

use super::forged::NO_KEY;
use super::program::{Place, done, error};
use super::*;
use crate::store::fresh_database;
use crate::support::clear_complaint;
use redress::dossier::PackManifest;
use std::path::{Path, PathBuf};

fn unpacked(path: &Path) -> (Files, PackManifest) {
    let files = opened(&std::fs::read(path).unwrap());
    let manifest = serde_json::from_slice(&files["manifest.json"]).unwrap();
    (files, manifest)
}

fn packed(place: &Place, name: &str, more: &[&str]) -> (PathBuf, String) {
    let path = place.path(name);
    let begin = ["audit", "pack", "--year", "2026", "--output", path.to_str().unwrap()];
    let said = done(place.run(&[&begin[..], more].concat()));
    (path, said)
}

fn with_complaints(settings: &str, count: usize) -> Place {
    let place = Place::new(settings);
    let mails: Vec<String> =
        (1..=count).map(|n| clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).collect();
    place.take_in(&mails);
    place
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_takes_the_year_home_on_both_engines() {
    let mut settings = vec![String::new()];
    if let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") {
        settings.push(format!("[database]\nurl = \"{}\"\n", fresh_database(&server).await));
    }
    for settings in settings {
        let place = with_complaints(&settings, 12);
        let (path, said) = packed(&place, "p.zip", &["--seed", "dobbelsteen-7"]);
        let (files, manifest) = unpacked(&path);
        assert!(said.contains("10 of 12 complaints drawn with the seed dobbelsteen-7"), "{said}");
        // The sample is drawn again by hand.
        let mut lots: Vec<(String, String)> = (1..=12)
            .map(|n| format!("K-2026-{n:04}"))
            .map(|number| (sha256(format!("dobbelsteen-7:{number}").as_bytes()), number))
            .collect();
        lots.sort();
        let drawn: Vec<String> = lots.into_iter().take(10).map(|(_, number)| number).collect();
        assert_eq!(manifest.sample, drawn);
        for number in &drawn {
            let dossier = place.path(&format!("{number}.zip"));
            std::fs::write(&dossier, &files[&format!("dossiers/{number}.zip")]).unwrap();
            assert!(done(place.check(&dossier)).contains("this installation made it"), "{number}");
        }
        let register = text(&files, "register/register.csv");
        assert_eq!(register.lines().count(), 13, "{register}");
        assert!(register.starts_with('\u{feff}') && files["register/register.xlsx"].starts_with(b"PK"));
        let terms = text(&files, "terms/terms.csv");
        assert!(terms.contains("K-2026-0012") && terms.contains("acknowledgement"), "{terms}");
        let of_one = terms.lines().filter(|line| line.contains("K-2026-0001")).count();
        assert!(of_one > 1);
        assert_eq!(terms.lines().count(), of_one * 12 + 1);
        assert!(text(&files, "terms/summary.csv").lines().count() > 2);
        assert!(
            text(&files, "procedure/clauses.txt")
                .contains(" 13  De ontvanger stuurt een ontvangstbevestiging")
        );
        assert!(text(&files, "procedure/rules/procedure.toml").contains("[deadlines"));
        assert!(text(&files, "figures/report.html").contains("Klachten"));
        let asked: serde_json::Value =
            serde_json::from_slice(&files["requirements/requirements.json"]).unwrap();
        let asked = asked.as_array().unwrap();
        let of = |part: &str| asked.iter().find(|a| a["part"] == part).unwrap_or_else(|| panic!("{part}"));
        assert_eq!((&of("7.4")["standing"], &of("7.4")["rows"][0]), (&"carried".into(), &13.into()));
        assert!(of("7.4")["fired"].as_i64().unwrap() > 0 && of("4.14")["standing"] == "gap");
        let page = text(&files, "index.html");
        assert!(page.contains("<html lang=\"nl\">") && page.contains("Auditpakket 2026"), "{page}");
        assert!(page.contains("dobbelsteen-7") && page.contains(&manifest.head) && !page.contains("<script"));
        for link in page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(files.contains_key(link), "{link} leads nowhere");
        }
        let check = ["audit", "pack", "--check", path.to_str().unwrap()];
        assert!(
            done(place.run(&check)).contains("this installation made it, and its head is of the trail here")
        );
        assert!(done(place.check(&path)).contains("audit pack of 2026"), "export --check knows it too");
        let head = ["audit", "verify", "--against", path.to_str().unwrap()];
        assert!(done(place.run(&head)).contains("the head that was kept is of this trail"));
        let (english, _) = packed(&place, "e.zip", &["--language", "en"]);
        let english = text(&unpacked(&english).0, "index.html");
        assert!(english.contains("Asked and carried"));
        // What could not be confirmed of the numbers, their reader is told.
        assert!(english.contains("compare them with your copy of the standard"), "{english}");
        assert!(page.contains("vergelijk ze met uw exemplaar van de norm"));
        let again = place.run(&["audit", "pack", "--year", "2026", "--output", path.to_str().unwrap()]);
        assert!(error(&again).contains("is there already"));
        // A year without complaints is told as such.
        let empty = place.path("empty.zip");
        done(place.run(&["audit", "pack", "--year", "2019", "--output", empty.to_str().unwrap()]));
        assert_eq!(unpacked(&empty).1.sample, Vec::<String>::new());
    }
}

#[test]
fn who_may_not_see_all_has_none_and_who_looks_sees_nothing_about_themselves() {
    let place = with_complaints("", 3);
    let about = [
        "act",
        "K-2026-0002",
        "record_facts",
        "--input",
        "about=directeur@lagant.nl",
        "--as",
        "ontvanger@lagant.nl",
    ];
    done(place.run(&about));
    let path = place.path("p.zip").display().to_string();
    let teacher =
        place.run(&["audit", "pack", "--year", "2026", "--output", &path, "--as", "docent@lagant.nl"]);
    assert!(error(&teacher).contains("docent@lagant.nl may not look at all complaints"));
    assert!(!place.path("p.zip").exists());
    let (path, _) = packed(&place, "d.zip", &["--as", "directeur@lagant.nl"]);
    let (files, manifest) = unpacked(&path);
    assert_eq!(manifest.drawn_from, 2);
    for (name, content) in &files {
        if name.ends_with(".csv") || name == "index.html" {
            assert!(!String::from_utf8_lossy(content).contains("K-2026-0002"), "{name}");
        }
    }
    assert!(!files.contains_key("dossiers/K-2026-0002.zip"));
    for wrong in ["", "a b", "../x", "é"] {
        place
            .run(&["audit", "pack", "--year", "2026", "--seed", wrong])
            .status
            .success()
            .then(|| panic!("{wrong}"));
    }
    error(&place.run(&["audit", "pack", "--year", "0"]));
    error(&place.run(&["audit", "pack", "--year", "99999"]));
}

#[test]
fn a_pack_that_was_changed_or_made_anew_is_found() {
    let place = with_complaints("", 2);
    let (path, _) = packed(&place, "p.zip", &[]);
    let whole = std::fs::read(&path).unwrap();
    let changed = place.path("changed.zip");
    let check = || place.run(&["audit", "pack", "--check", changed.to_str().unwrap()]);
    for at in (0..whole.len()).step_by(whole.len() / 12) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&changed, &bytes).unwrap();
        assert!(error(&check()).contains("not as it was made"), "byte {at}");
    }
    let (files, _) = unpacked(&path);
    for name in [
        "register/register.csv",
        "terms/terms.csv",
        "index.html",
        "manifest.json",
        "head.txt",
        "figures/report.json",
    ] {
        let mut files = files.clone();
        files.get_mut(name).unwrap().push(b' ');
        write(&files, &changed);
        error(&check());
        files.remove(name);
        write(&files, &changed);
        error(&check());
    }
    let mut more = files.clone();
    more.insert("extra.txt".to_owned(), b"x".to_vec());
    write(&more, &changed);
    assert!(error(&check()).contains("extra.txt is in it, and not listed"));
    // What somebody made anew, the key tells.
    for name in ["register/register.csv", "figures/report.html"] {
        let mut files = files.clone();
        files.get_mut(name).unwrap().extend_from_slice(b"forged");
        made_anew(&files, &changed);
        assert!(error(&check()).contains("somebody has made the file anew"), "{name}");
        made_anew_with(&files, &changed, Some(NO_KEY));
        assert!(error(&check()).contains("somebody has made the file anew"), "{name}");
    }
    // A dossier's attestation passes for no pack's, nor a pack's for a dossier's.
    let (dossier, _) = place.export("K-2026-0001", "d.zip", &[]);
    error(&place.run(&["audit", "pack", "--check", dossier.to_str().unwrap()]));
    std::fs::write(&changed, b"nothing").unwrap();
    error(&check());
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copied(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

#[test]
fn a_trail_that_was_written_anew_with_its_key_is_found_by_a_head_that_was_kept() {
    let place = with_complaints("", 1);
    let other = Place::new("");
    copied(&place.data(), &other.data());
    let early = done(place.run(&["audit", "head"])).trim().to_owned();
    let note = |place: &Place, text: &str| {
        let input = format!("consultation={text}");
        done(place.run(&[
            "act",
            "K-2026-0001",
            "note_consultation",
            "--input",
            &input,
            "--as",
            "behandelaar@lagant.nl",
        ]));
    };
    note(&place, "Zoals het was");
    let head = done(place.run(&["audit", "head"])).trim().to_owned();
    let kept = place.path("head.txt");
    std::fs::write(&kept, format!("{head}\n")).unwrap();
    // The other trail is written by the same program with the same key, and goes on longer.
    note(&other, "Zoals het beter uitkomt");
    note(&other, "En nog iets");
    assert!(
        done(other.run(&["audit", "verify"])).contains("the audit trail holds"),
        "the key alone tells nothing"
    );
    let against = |place: &Place, what: &str| place.run(&["audit", "verify", "--against", what]);
    assert!(error(&against(&other, &head)).contains("is not of this trail: its event"));
    assert!(error(&against(&other, kept.to_str().unwrap())).contains("was written anew"));
    assert!(done(against(&other, &early)).contains("events came since"), "up to there it is the same");
    assert!(done(against(&place, kept.to_str().unwrap())).contains("0 events came since"));
    let body = place.path("body.json");
    std::fs::write(&body, format!("{{\"data\": {{\"details\": {{\"head\": \"{head}\"}}}}}}")).unwrap();
    done(against(&place, body.to_str().unwrap()));
    // A trail that was cut off.
    let seq: i64 = head.split(' ').next().unwrap().parse().unwrap();
    let beyond = head.replacen(&seq.to_string(), &(seq + 100).to_string(), 1);
    assert!(error(&against(&place, &beyond)).contains("ends at event"));
    for wrong in ["", "12", "x y", "nothing.txt", "-3 ab"] {
        error(&against(&place, wrong));
    }
    let json = done(place.run(&["--json", "audit", "head"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["head"], head.as_str());
    // A pack of the one is not of the other.
    let (pack, _) = packed(&place, "p.zip", &[]);
    let elsewhere = other.run(&["audit", "pack", "--check", pack.to_str().unwrap()]);
    assert!(error(&elsewhere).contains("is no event of the trail here"));
}

/// A row or a figure that is not there would carry nothing, and be called a gap.
#[test]
fn what_is_asked_names_rows_and_figures_that_are_there() {
    use redress::rules::{Clauses, Requirements};
    let place = with_complaints("", 1);
    let report = done(place.run(&["--json", "reports", "show", "2026"]));
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let figures: Vec<&str> =
        report["figures"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    // A report has these where the survey is on, or was.
    let figures = [&figures[..], &["survey_sent", "survey_answered"]].concat();
    let rules = crate::support::repository().join("rules");
    let rows: Vec<u32> = Clauses::read(&rules).unwrap().unwrap().clauses.iter().map(|c| c.row).collect();
    let asked = Requirements::read(&rules).unwrap().unwrap().requirements;
    assert!(asked.len() > 30);
    for a in &asked {
        let place = format!("{} {}", a.of, a.part);
        a.rows.iter().for_each(|row| assert!(rows.contains(row), "{place}: {row}"));
        a.figures.iter().for_each(|figure| assert!(figures.contains(&figure.as_str()), "{place}: {figure}"));
        assert!(!(a.rows.is_empty() && a.figures.is_empty() && a.beside.is_none()), "{place} says nothing");
    }
}

/// A key that was replaced leaves packs from before of which that cannot be told, and none from after.
#[test]
fn after_the_key_was_lost_a_pack_from_before_is_told_as_far_as_can_be() {
    let place = with_complaints("", 1);
    let (before, _) = packed(&place, "before.zip", &[]);
    std::fs::remove_file(place.data().join("audit.key")).unwrap();
    done(place.run(&["audit", "replace-key", "--as", "kwaliteit@lagant.nl", "--reason", "schijf kapot"]));
    let check = |path: &Path| place.run(&["audit", "pack", "--check", path.to_str().unwrap()]);
    assert!(done(check(&before)).contains("attested with a key that this installation does not have"));
    let (after, _) = packed(&place, "after.zip", &[]);
    assert!(done(check(&after)).contains("this installation made it"));
    let forged = place.path("forged.zip");
    made_anew_with(&unpacked(&after).0, &forged, Some(NO_KEY));
    assert!(error(&check(&forged)).contains("somebody has made the file anew"));
}

fn in_database(place: &Place, statements: &[&str]) {
    let url = format!("sqlite:{}", place.data().join("redress.db").display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        sqlx::any::install_default_drivers();
        let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
        for statement in statements {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        pool.close().await;
    });
}

/// Everything else is there, and what is not is named.
#[test]
fn a_dossier_that_cannot_be_made_is_named_and_ends_nothing() {
    let place = with_complaints("", 3);
    in_database(
        &place,
        &["UPDATE events SET via = 'x' WHERE seq = (SELECT MAX(seq) FROM events WHERE complaint_id = 2)"],
    );
    let (path, said) = packed(&place, "p.zip", &[]);
    assert!(said.contains("no dossier of K-2026-0002: "), "{said}");
    let files = opened(&std::fs::read(&path).unwrap());
    assert!(
        !files.contains_key("dossiers/K-2026-0002.zip") && files.contains_key("dossiers/K-2026-0003.zip")
    );
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["sample"].as_array().unwrap().len(), 3);
    assert_eq!(manifest["without_dossier"][0]["reference"], "K-2026-0002", "{manifest}");
    let page = text(&files, "index.html");
    assert!(
        !page.contains("href=\"dossiers/K-2026-0002.zip\"")
            && page.contains("href=\"dossiers/K-2026-0003.zip\"")
    );
    assert!(
        page.contains("Hiervan kon geen dossier worden gemaakt") && page.contains("K-2026-0002: "),
        "{page}"
    );
}

/// What is counted is of the year, and every report of it is there, however many there are of others.
#[test]
fn what_is_told_of_a_year_is_of_that_year() {
    let place = with_complaints("", 1);
    let kept = "INSERT INTO kept_reports (from_on, to_on, made_at, made_on, is_open, is_concluded, content, page, sha256) ";
    let of_year =
        format!("{kept} VALUES ('2026-07-01', '2026-09-30', 1, '2026-10-01', 0, 0, '{{}}', 'p', 's')");
    let of_others = format!(
        "{kept} WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 500) \
         SELECT '2027-01-01', '2027-03-31', i, '2027-04-01', 0, 0, '{{}}', 'p', 's' FROM n"
    );
    in_database(&place, &[&of_year, &of_others]);
    let (path, _) = packed(&place, "p.zip", &[]);
    let files = opened(&std::fs::read(&path).unwrap());
    let kept: Vec<&String> = files.keys().filter(|name| name.starts_with("figures/kept/")).collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    let asked = |files: &Files| -> i64 {
        let asked: Value = serde_json::from_slice(&files["requirements/requirements.json"]).unwrap();
        asked.as_array().unwrap().iter().map(|a| a["fired"].as_i64().unwrap()).sum()
    };
    assert!(asked(&files) > 0);
    let empty = place.path("empty.zip");
    done(place.run(&["audit", "pack", "--year", "2019", "--output", empty.to_str().unwrap()]));
    assert_eq!(asked(&opened(&std::fs::read(&empty).unwrap())), 0, "nothing was at work then");
}

/// What is written aside stands in the data folder, which is closed to others, and nowhere else.
#[test]
fn nothing_is_written_into_the_folder_that_all_share() {
    let place = with_complaints("", 1);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(crate::support::shipped_untried())
        .args([
            "--config",
            place.path("redress.toml").to_str().unwrap(),
            "--data",
            place.data().to_str().unwrap(),
        ])
        .args(["--clock", "2026-11-23T10:00:00+01:00", "audit", "pack", "--year", "2026", "--output"])
        .arg(place.path("p.zip"))
        .env("TMPDIR", place.path("nowhere"))
        .output()
        .unwrap();
    done(output);
}

/// One at a time: whoever comes second is asked to come again.
#[tokio::test]
async fn packs_are_made_one_at_a_time() {
    use crate::web::Site;
    use std::future::Future;
    let site = Site::open().await;
    site.app.complaint("m1").await;
    let mut director = site.signed_in("directeur@lagant.nl").await;
    let workflow = &site.app.app.workflow;
    let wish = redress::workflow::PackWish {
        year: 2026,
        seed: "a".to_owned(),
        dossiers: redress::workflow::DossierWish {
            language: redress::complaint::Language::Dutch,
            open: redress::intake::attachments_bytes,
            longest: redress::intake::TEXT_CHARACTERS,
        },
        viewer: None,
    };
    let mut first = Box::pin(workflow.write_audit_pack(wish, workflow.scratch().unwrap()));
    let is_begun =
        std::future::poll_fn(|cx| std::task::Poll::Ready(first.as_mut().poll(cx).is_pending())).await;
    assert!(is_begun);
    let answer = director.get("/reports/2026/pack").await;
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("Het is nu te druk"), "{}", answer.text());
    first.await.unwrap();
    assert_eq!(director.get("/reports/2026/pack").await.status, 200);
}
