//! Mail as a careful reader reads it: who wrote it, every word that is shown, in order, and nothing that is not.

use proptest::prelude::*;
use redress::intake::{ParsedMail, attachment_bytes, parse};

const HEAD: &str = "From: Jan <jan@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Klacht\r\nMessage-ID: <r@example.nl>\r\nMIME-Version: 1.0\r\n";

fn read(rest: &str) -> ParsedMail {
    parse(format!("{HEAD}{rest}").as_bytes(), None)
}

/// The words of a text, in order.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_address_in_angle_brackets_is_the_sender_whatever_stands_before_it() {
    for (from, name, email) in [
        ("Jansen, Piet <piet@example.nl>", "Jansen, Piet", "piet@example.nl"),
        ("\"Jansen, Piet\" <piet@example.nl>", "Jansen, Piet", "piet@example.nl"),
        ("Jansen, Piet, Utrecht <Piet@Example.NL>", "Jansen, Piet, Utrecht", "piet@example.nl"),
        ("piet@example.nl (Piet Jansen)", "Piet Jansen", "piet@example.nl"),
        ("<piet@example.nl>", "", "piet@example.nl"),
        ("piet@example.nl", "", "piet@example.nl"),
        ("Piet Jansen piet@example.nl", "", "piet@example.nl"),
        ("=?utf-8?q?Andr=C3=A9?= <a@example.nl>", "André", "a@example.nl"),
        ("=?iso-8859-1?q?Andr=E9_=80?= <a@example.nl>", "André €", "a@example.nl"),
        ("a@example.nl, b@example.nl", "", "a@example.nl"),
        ("Jansen, Piet", "Jansen, Piet", ""),
        ("undisclosed-recipients:;", "", ""),
        ("jan jansen@", "", ""),
    ] {
        let raw = format!("From: {from}\r\nSubject: Klacht\r\n\r\nIk heb een klacht.\r\n");
        let mail = parse(raw.as_bytes(), None);
        assert_eq!(mail.from.email, email, "{from}");
        if !name.is_empty() {
            assert_eq!(mail.from.name, name, "{from}");
        }
    }
}

fn part(kind: &str, text: &str) -> String {
    format!("Content-Type: {kind}\r\n\r\n{text}\r\n")
}

fn multipart(kind: &str, boundary: &str, parts: &[String]) -> String {
    let parts: String = parts.iter().map(|p| format!("--{boundary}\r\n{p}")).collect();
    format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n{parts}--{boundary}--\r\n")
}

#[test]
fn every_part_that_is_shown_is_text_and_no_other() {
    let (plain, html) = ("text/plain; charset=utf-8", "text/html; charset=utf-8");
    let image = "Content-Type: image/png\r\nContent-Disposition: inline; filename=f.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n";
    let file = |kind: &str| {
        format!("Content-Type: {kind}\r\nContent-Disposition: attachment; filename=f\r\n\r\nnietgetoond\r\n")
    };
    let long = "Ik heb een klacht over de training en wil mijn geld terug";
    for (what, parts, text) in [
        (
            "around a picture",
            multipart("mixed", "m", &[part(plain, "een"), image.to_owned(), part(plain, "twee")]),
            "een twee",
        ),
        (
            "HTML after text",
            multipart("mixed", "m", &[part(plain, "een"), part(html, "<p>twee</p>")]),
            "een twee",
        ),
        (
            "a file of text",
            multipart("mixed", "m", &[part(plain, "een"), file("text/plain"), file("text/html")]),
            "een",
        ),
        (
            "a stub",
            multipart(
                "alternative",
                "a",
                &[part(plain, "Bekijk dit in HTML."), part(html, &format!("<p>{long}</p>"))],
            ),
            long,
        ),
        (
            "an empty stub",
            multipart("alternative", "a", &[part(plain, " "), part(html, "<p>een</p>")]),
            "een",
        ),
        (
            "the same twice",
            multipart("alternative", "a", &[part(plain, long), part(html, &format!("<p>{long}</p>"))]),
            long,
        ),
        (
            "an empty alternative",
            multipart("alternative", "a", &[part(plain, "een"), part(html, "<img src=x>")]),
            "een",
        ),
        (
            "HTML with its picture",
            multipart("related", "r", &[part(html, "<p>een</p>"), image.to_owned()]),
            "een",
        ),
        (
            "pictures within alternatives",
            multipart(
                "alternative",
                "a",
                &[
                    part(plain, "stomp"),
                    multipart("related", "r", &[part(html, "een twee drie"), image.to_owned()]),
                ],
            ),
            "een twee drie",
        ),
        (
            "alternatives within mixed",
            multipart(
                "mixed",
                "m",
                &[
                    multipart("alternative", "a", &[part(plain, "een"), part(html, "<b>een</b>")]),
                    image.to_owned(),
                    part(plain, "voettekst"),
                ],
            ),
            "een voettekst",
        ),
        (
            "signed",
            multipart("signed", "s", &[part(plain, "een"), part("application/pgp-signature", "xyz")]),
            "een",
        ),
        (
            "a calendar beside",
            multipart("mixed", "m", &[part(plain, "een"), part("text/calendar", "BEGIN:VCALENDAR")]),
            "een",
        ),
        (
            "a kind nobody knows",
            multipart("vreemd", "m", &[part(plain, "een"), part(plain, "twee")]),
            "een twee",
        ),
    ] {
        assert_eq!(words(&read(&parts).text), words(text), "{what}");
    }
}

#[test]
fn a_boundary_is_found_however_it_is_announced() {
    let body = "--xxx\r\nContent-Type: text/plain\r\n\r\nIk heb een klacht.\r\n--xxx\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=b.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--xxx--\r\n";
    for announced in [
        "Content-Type: multipart/mixed; boundary=\"xxx\"",
        "Content-Type: multipart/mixed; boundary=xxx",
        "Content-Type: multipart/mixed; boundary=\r\n\t\"xxx\"",
        "Content-Type: multipart/mixed;\r\n boundary=\r\n xxx",
        "Content-Type: multipart/mixed; boundary = \"xxx\"",
        "Content-Type: multipart/mixed",
        "Content-Type: multipart/mixed; boundary=\"anders\"",
        "Content-Type: multipart/mixed; boundary=",
    ] {
        for ends in ["\r\n", "\n"] {
            let raw = format!("{HEAD}{announced}\r\n\r\n{body}").replace("\r\n", ends);
            let mail = parse(raw.as_bytes(), None);
            assert_eq!(mail.text.trim(), "Ik heb een klacht.", "{announced}");
            assert_eq!(mail.attachments.len(), 1, "{announced}");
            let bytes = attachment_bytes(raw.as_bytes(), &mail.attachments[0].sha256);
            assert_eq!(bytes.as_deref(), Some(&b"%PDF-1.4\n"[..]), "{announced}");
        }
    }
}

/// What labels mean today (WHATWG Encoding), and what is done where they lie.
#[test]
fn characters_are_what_people_wrote_whatever_the_label() {
    for (label, bytes, text) in [
        ("iso-8859-1", &b"\x80 495 \x91ja\x92 \x96 \x85 \xe9"[..], "€ 495 ‘ja’ – … é"),
        ("latin1", b"\x80", "€"),
        ("us-ascii", b"\x80 \xe9", "€ é"),
        ("us-ascii", "é €".as_bytes(), "é €"),
        ("iso-8859-1", "één".as_bytes(), "één"),
        ("utf-8", b"\x80 caf\xe9", "€ café"),
        ("UTF8", "é".as_bytes(), "é"),
        ("x-onbekend", b"caf\xe9", "café"),
        ("", b"caf\xe9", "café"),
        ("iso-8859-9", b"\xfd\xfe", "ış"),
        ("iso-8859-15", b"\xa4", "€"),
        ("windows-1250", b"\xe8", "č"),
        ("koi8-r", b"\xf6", "Ж"),
        ("gb2312", b"\xc4\xe3\xba\xc3", "你好"),
        ("ks_c_5601-1987", b"\xb0\xa1", "가"),
        ("shift_jis", b"\x82\xa0", "あ"),
    ] {
        let charset = if label.is_empty() { String::new() } else { format!("; charset=\"{label}\"") };
        let head = format!("{HEAD}Content-Type: text/plain{charset}\r\n");
        let plain = [head.as_bytes(), b"Content-Transfer-Encoding: 8bit\r\n\r\n", bytes].concat();
        let quoted: String = bytes.iter().map(|b| format!("={b:02X}")).collect();
        let quoted = format!("{head}Content-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}");
        for raw in [plain, quoted.into_bytes()] {
            assert_eq!(parse(&raw, None).text.trim(), text, "{label} {bytes:?}");
        }
    }
    let own = read(
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<meta charset=3D\"iso-8859-2\"><p>=B3</p>",
    );
    assert_eq!(own.text.trim(), "ł", "HTML names its own");
    let subject = [&b"From: Ren\xe9 <r@example.nl>\r\nSubject: caf\xe9 \x80 5\r\n\r\nx\r\n"[..]].concat();
    let mail = parse(&subject, None);
    assert_eq!((mail.subject.as_str(), mail.from.name.as_str()), ("café € 5", "René"));
    let encoded = "From: a@example.nl\r\nSubject: =?iso-8859-1?Q?Klacht_over_=80_495?=\r\n\r\nx\r\n";
    assert_eq!(parse(encoded.as_bytes(), None).subject, "Klacht over € 495");
}

/// An attachment that is not what it says costs itself at most.
#[test]
fn a_broken_attachment_costs_no_more_than_itself() {
    let text = part("text/plain; charset=utf-8", "Ik heb een klacht.");
    for content in [
        "dit is geen mail",
        "",
        "\r\n\r\n",
        "From",
        ": x",
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x--",
    ] {
        for coding in ["7bit", "base64", "quoted-printable"] {
            let attached = format!(
                "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: {coding}\r\nContent-Disposition: attachment; filename=\"a.eml\"\r\n\r\n{content}\r\n"
            );
            let rest = multipart("mixed", "B", &[text.clone(), attached]);
            let mail = read(&rest);
            assert_eq!(
                (mail.from.email.as_str(), mail.subject.as_str()),
                ("jan@example.nl", "Klacht"),
                "{content}"
            );
            assert_eq!(mail.text.trim(), "Ik heb een klacht.", "{content} {coding}");
            for attachment in &mail.attachments {
                attachment_bytes(format!("{HEAD}{rest}").as_bytes(), &attachment.sha256);
            }
        }
    }
    let broken = read(
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nSWsgaGViIGVlbiBr bGFjaHQ*=!\r\n",
    );
    assert_eq!(broken.text.trim(), "Ik heb een klacht");
}

/// A piece of a mail, and the words of it that a reader sees.
#[derive(Clone, Debug)]
struct Piece {
    mime: String,
    seen: Vec<String>,
}

fn leaf() -> impl Strategy<Value = Piece> {
    let word = "[a-z]{3,9}";
    (prop::collection::vec(word, 1..12), 0..5_u8, any::<bool>()).prop_map(|(words, how, is_html)| {
        let text = words.join(" ");
        let seen = words;
        let shown = if is_html { format!("<style>p{{}}</style><p>{}</p>", text.replace(' ', "<br>")) } else { text };
        let kind = if is_html { "text/html" } else { "text/plain" };
        let mime = match how {
            0 => format!("Content-Type: {kind}; charset=utf-8\r\n\r\n{shown}\r\n"),
            1 => {
                use base64::Engine;
                let coded = base64::engine::general_purpose::STANDARD.encode(&shown);
                format!("Content-Type: {kind}; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n")
            }
            2 => format!(
                "Content-Transfer-Encoding: quoted-printable\r\nContent-Type: {kind}\r\n\r\n{}\r\n",
                shown.replace(' ', "=20=\r\n")
            ),
            3 => {
                let mime = format!("Content-Type: {kind}\r\nContent-Disposition: attachment; filename=f.txt\r\n\r\n{shown}\r\n");
                return Piece { mime, seen: Vec::new() };
            }
            _ => format!("Content-Disposition: inline\r\nContent-Type: {kind}; charset=\"us-ascii\"\r\n\r\n{shown}\r\n"),
        };
        Piece { mime, seen }
    })
}

fn tree() -> impl Strategy<Value = Piece> {
    let id = any::<u32>();
    leaf().prop_recursive(4, 24, 4, move |inner| {
        (prop::collection::vec(inner, 1..4), 0..4_u8, id).prop_map(|(children, how, id)| {
            let boundary = format!("b{id:08x}");
            let mime = |kind: &str, children: &[Piece]| {
                let parts: Vec<String> = children.iter().map(|c| c.mime.clone()).collect();
                multipart(kind, &boundary, &parts)
            };
            match how {
                0 | 1 => {
                    let seen = children.iter().flat_map(|c| c.seen.clone()).collect();
                    Piece { mime: mime(["mixed", "report"][usize::from(how)], &children), seen }
                }
                // The same in plain text and as what was drawn.
                2 => {
                    let rich = children[0].clone();
                    let plain = part("text/plain", &rich.seen.join(" "));
                    let alternatives = [Piece { mime: plain, seen: Vec::new() }, rich.clone()];
                    Piece { mime: mime("alternative", &alternatives), seen: rich.seen }
                }
                _ => {
                    let picture = "Content-Type: image/png\r\nContent-ID: <p>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n";
                    let root = children[0].clone();
                    let picture = Piece { mime: picture.to_owned(), seen: Vec::new() };
                    Piece { mime: mime("related", &[root.clone(), picture]), seen: root.seen }
                }
            }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// However a mail is put together, its text is every word that is shown, once, in order.
    #[test]
    fn the_text_of_any_mail_is_every_word_that_is_shown(piece in tree()) {
        prop_assume!(!piece.seen.is_empty());
        // At the top, a mail is never an attachment.
        prop_assume!(piece.mime.starts_with("Content-T") || piece.mime.contains("inline"));
        let mail = read(&piece.mime);
        prop_assert_eq!(words(&mail.text), piece.seen, "{}", piece.mime);
    }
}
