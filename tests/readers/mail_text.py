"""Prints what Python's own library reads of mails: for each path on standard input a line of JSON, the texts that a
reader may see: with the first of alternatives, and with the last. It shares nothing with the program; tests/it/foreign.rs compares the two."""

import email
import email.policy
import html.parser
import json
import sys

WIDE = ("utf", "iso-2022", "gb", "hz", "big5", "euc", "shift", "ks")
HIDDEN = {"script", "style", "title", "head", "template"}
LINES = {"address", "article", "blockquote", "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
         "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"}


class Shown(html.parser.HTMLParser):
    """The text between the tags."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        if tag in HIDDEN:
            self.hidden += 1
        if tag in LINES:
            self.words.append("\n")

    def handle_endtag(self, tag):
        if tag in HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        if tag == "body":
            self.hidden = 0
        if tag in LINES:
            self.words.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def decoded(part):
    """The text of a part. What reads as UTF-8 is that, whatever label of single bytes it has; else windows-1252."""
    payload = part.get_payload(decode=True) or b""
    charset = part.get_content_charset() or "utf-8"
    for charset in (charset if charset.startswith(WIDE) else "utf-8", charset, "windows-1252"):
        try:
            return payload.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return payload.decode("windows-1252", "replace")


def shown(part, which):
    """The text of a part, and of those in it; files are none. Of alternatives it is the one at `which`."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        texts = [text for text in (shown(p, which) for p in part.iter_parts()) if text.strip()]
        return texts[which] if texts else ""
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        return "\n".join(shown(p, which) for p in part.iter_parts())
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return ""
    if kind == "text/html":
        page = Shown()
        page.feed(decoded(part))
        return "".join(page.words)
    return decoded(part) if kind == "text/plain" else ""


for path in sys.stdin.read().splitlines():
    with open(path, "rb") as file:
        raw = file.read()
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        texts = [shown(mail, 0), shown(mail, -1)]
    except Exception:  # It reads no further: there is nothing to compare.
        texts = []
    print(json.dumps(texts, ensure_ascii=True))
