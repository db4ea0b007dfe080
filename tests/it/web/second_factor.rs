//! Signing in in two steps: what a stolen password, a code seen over a shoulder, and guessing come to.

use super::*;
use hmac::{Hmac, Mac};
use redress::clock::Clock;
use sha1::Sha1;

/// An app on a telephone, written again: the code of a secret in base32 at a time.
fn app(secret: &str, millis: i64) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = secret
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| format!("{:05b}", letters.find(c).unwrap()))
        .collect();
    let key: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap())
        .collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(millis / 30_000).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

struct Phone {
    secret: String,
    codes: Vec<String>,
}

fn now(site: &Site) -> i64 {
    site.app.clock.now().millis()
}

fn code_elements(body: &str) -> Vec<String> {
    body.split("<code>").skip(1).map(|t| t.split('<').next().unwrap().to_owned()).collect()
}

/// Sets up the second factor of somebody who is signed in.
async fn set_up(site: &Site, browser: &mut Browser) -> Phone {
    let form = browser.get("/me/second-factor").await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains("<svg class=\"qr\" viewBox=\"0 0 "), "{}", form.body);
    let secret = code_elements(&form.body).remove(0);
    let (name, code) = (form.value("name"), app(&secret, now(site)));
    for (code, password, said) in [
        ("000000", PASSWORD, "Deze code klopt niet"),
        (code.as_str(), "niet het wachtwoord", "Dit wachtwoord klopt niet"),
    ] {
        let wrong = browser
            .post("/me/second-factor", &[("name", &name), ("code", code), ("password", password)])
            .await;
        assert!(wrong.status == 422 && wrong.text().contains(said), "{}", wrong.text());
        assert_eq!(code_elements(&wrong.body)[0], secret, "the app keeps what it has");
    }
    let taken =
        browser.post("/me/second-factor", &[("name", &name), ("code", &code), ("password", PASSWORD)]).await;
    assert_eq!(taken.status, 200, "{}", taken.text());
    let codes = code_elements(&taken.body);
    assert_eq!(codes.len(), 10);
    Phone { secret, codes }
}

async fn by_code(browser: &mut Browser, asked: &Answer, code: &str) -> Answer {
    let (ticket, next) = (asked.value("ticket"), asked.value("next"));
    browser.post("/sign-in/code", &[("ticket", &ticket), ("code", code), ("next", &next)]).await
}

#[tokio::test]
async fn a_code_is_asked_for_after_the_password_and_counts_once() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    assert!(browser.get("/me").await.text().contains("Dit staat uit."));
    let phone = set_up(&site, &mut browser).await;
    let me = browser.get("/me").await.text();
    assert!(me.contains("Dit staat aan sinds ma 23 nov, 10:00. U hebt nog 10 reservecodes."), "{me}");
    site.advance(2);
    let mut thief = site.browser();
    let asked = sign_in(&mut thief, HANDLER, PASSWORD).await;
    assert_eq!((asked.status, asked.header("set-cookie")), (200, None), "the password alone is not enough");
    assert!(asked.text().contains("Vul uw code in"), "{}", asked.text());
    assert_eq!(thief.get("/me").await.status, 303);
    let code = app(&phone.secret, now(&site));
    let inside = by_code(&mut thief, &asked, &code).await;
    assert_eq!((inside.status, inside.location()), (303, "/me"), "{}", inside.text());
    // Somebody looked over the shoulder.
    let mut other = site.browser();
    let asked = sign_in(&mut other, HANDLER, PASSWORD).await;
    let replayed = by_code(&mut other, &asked, &code).await;
    assert_eq!((replayed.status, replayed.header("set-cookie")), (422, None));
    assert!(replayed.body.contains("<title>Fout: vul uw code in"), "{}", replayed.body);
    site.advance(1);
    let next = by_code(&mut other, &replayed, &app(&phone.secret, now(&site))).await;
    assert_eq!(next.status, 303, "the next one counts");
    let trail = site.trail().await;
    for event in &trail {
        let all = format!("{} {} {:?}", event.summary, event.data, event.personal);
        assert!(!all.contains(&phone.secret.replace(' ', "")) && !all.contains(&code), "{all}");
    }
    assert!(trail.iter().any(|e| e.summary == "a second factor was set up"));
    // Neither the secret nor a code stands in the database.
    let database = std::fs::read(site.app.folder.path().join("data/redress.db")).unwrap_or_default();
    let wal = std::fs::read(site.app.folder.path().join("data/redress.db-wal")).unwrap_or_default();
    let kept = String::from_utf8_lossy(&[database, wal].concat()).into_owned();
    assert!(kept.contains(HANDLER), "it is the database");
    assert!(
        !kept.contains(&phone.secret.replace(' ', "")) && !kept.contains(&phone.codes[0]),
        "a secret is kept"
    );
}

#[tokio::test]
async fn a_recovery_code_lets_in_once() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    let phone = set_up(&site, &mut browser).await;
    for (code, status) in [
        (phone.codes[3].to_lowercase(), 303),
        (phone.codes[3].clone(), 422),
        (phone.codes[4].replace('-', " "), 303),
    ] {
        let mut other = site.browser();
        let asked = sign_in(&mut other, HANDLER, PASSWORD).await;
        assert_eq!(by_code(&mut other, &asked, &code).await.status, status, "{code}");
    }
    assert!(browser.get("/me").await.text().contains("U hebt nog 8 reservecodes."));
    assert!(site.trail().await.iter().any(|e| e.summary == "signed in by a recovery code"));
    // Those of somebody else do not.
    let mut other = site.signed_in(RECEIVER).await;
    set_up(&site, &mut other).await;
    let asked = sign_in(&mut other, RECEIVER, PASSWORD).await;
    assert_eq!(by_code(&mut other, &asked, &phone.codes[5]).await.status, 422);
}

#[tokio::test]
async fn who_guesses_codes_waits() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    let phone = set_up(&site, &mut browser).await;
    site.advance(2);
    let mut thief = site.browser();
    let asked = sign_in(&mut thief, HANDLER, PASSWORD).await;
    // Two failures stand from setting it up.
    for guess in ["111111", "222222", "333333", "x"] {
        assert_eq!(by_code(&mut thief, &asked, guess).await.status, 422);
    }
    let right = app(&phone.secret, now(&site));
    assert_eq!(by_code(&mut thief, &asked, &right).await.status, 422, "even the right one");
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 422, "and the password as well");
    site.advance(2);
    let asked = sign_in(&mut thief, HANDLER, PASSWORD).await;
    assert_eq!(by_code(&mut thief, &asked, &app(&phone.secret, now(&site))).await.status, 303);
}

#[tokio::test]
async fn what_shows_that_the_password_was_right_cannot_be_made_up_or_kept() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    let phone = set_up(&site, &mut browser).await;
    let mut other = site.signed_in(RECEIVER).await;
    let of_other = set_up(&site, &mut other).await;
    site.advance(2);
    let asked = sign_in(&mut site.browser(), HANDLER, PASSWORD).await;
    let ticket = asked.value("ticket");
    let code = app(&phone.secret, now(&site));
    let (ends, rest) = ticket.split_once('.').unwrap();
    let later = (ends.parse::<i64>().unwrap() + 1).to_string();
    let seal = rest.split('.').next().unwrap();
    let (zeros, never) = ("0".repeat(64), i64::MAX.to_string());
    for made_up in [
        String::new(),
        "..".to_owned(),
        format!("{later}.{rest}"),
        format!("{ends}.{seal}.{RECEIVER}"),
        format!("{ends}.{zeros}.{HANDLER}"),
        format!("{ends}..{HANDLER}"),
        format!("{never}.{seal}.{HANDLER}"),
        format!("{ends}.{seal}.niemand@lagant.nl"),
        format!("{ends}.{seal}.' OR 1=1 --"),
    ] {
        for code in [&code, &app(&of_other.secret, now(&site))] {
            let refused = site.browser().post("/sign-in/code", &[("ticket", &made_up), ("code", code)]).await;
            assert_eq!((refused.status, refused.header("set-cookie")), (422, None), "{made_up}");
            assert!(refused.text().contains("Meld u opnieuw aan."), "{made_up}: {}", refused.text());
        }
    }
    // It is over after five minutes, after another password, and for who is locked out.
    let late = sign_in(&mut site.browser(), HANDLER, PASSWORD).await.value("ticket");
    site.advance(5);
    let try_with = async |ticket: &str| {
        let code = app(&phone.secret, now(&site));
        site.browser().post("/sign-in/code", &[("ticket", ticket), ("code", &code)]).await.status
    };
    assert_eq!(try_with(&late).await, 422);
    let before = sign_in(&mut site.browser(), HANDLER, PASSWORD).await.value("ticket");
    let accounts = site.app.app.workflow.accounts();
    let link = accounts.renew(HANDLER, Actor::System).await.unwrap();
    let path = format!("/welcome/{}", link.expose());
    let chosen = "een heel ander woord";
    site.browser().post(&path, &[("password", chosen), ("again", chosen)]).await;
    assert_eq!(try_with(&before).await, 422);
    let asked = sign_in(&mut site.browser(), HANDLER, chosen).await;
    assert_eq!(asked.status, 200, "the code is asked for all the same");
    accounts.lock(HANDLER, Actor::System).await.unwrap();
    assert_eq!(try_with(&asked.value("ticket")).await, 422);
}

#[tokio::test]
async fn it_is_given_up_by_password_and_reset_by_who_administers() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    set_up(&site, &mut browser).await;
    let wrong = browser.post("/me/second-factor/end", &[("password", "niet het wachtwoord")]).await;
    assert!(wrong.status == 422 && wrong.text().contains("Dit wachtwoord klopt niet"), "{}", wrong.text());
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 200);
    let given = browser.post("/me/second-factor/end", &[("password", PASSWORD)]).await;
    assert_eq!((given.status, given.location()), (303, "/me"));
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 303);
    set_up(&site, &mut browser).await;
    let accounts = site.app.app.workflow.accounts();
    accounts.reset_factor(HANDLER, Actor::System).await.unwrap();
    assert!(accounts.reset_factor(HANDLER, Actor::System).await.is_err(), "there is none");
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 303);
    assert!(site.trail().await.iter().any(|e| e.summary == "the second factor was reset"));
    // Nobody sets up one for somebody else, or without being signed in.
    assert_eq!(site.browser().post("/me/second-factor", &[("code", "1")]).await.status, 303);
    assert_eq!(
        site.browser().get("/me/second-factor").await.location(),
        "/sign-in?next=%2Fme%2Fsecond-factor"
    );
}

#[tokio::test]
async fn everybody_reads_in_the_language_of_their_choice() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    assert!(browser.get("/me").await.body.contains("<html lang=\"nl\">"));
    assert_eq!(browser.post("/me/language", &[("language", "en")]).await.location(), "/me");
    let me = browser.get("/me").await;
    assert!(me.body.contains("<html lang=\"en\">") && me.text().contains("Language of these pages"));
    for strange in ["xx", "", "en'; DROP TABLE accounts"] {
        assert_eq!(browser.post("/me/language", &[("language", strange)]).await.status, 303);
        assert!(browser.get("/me").await.body.contains("<html lang=\"nl\">"), "as redress.toml says");
    }
}
