//! Commands whose answers are read to their end. The library passes over it when a server refuses a FETCH or a
//! SEARCH, and what is missing would look like what is not there.

use super::session::Session;
use crate::calendar::Moment;
use async_imap::error::Error;
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, Status};
use std::collections::{BTreeMap, BTreeSet};

/// The form of INTERNALDATE (RFC 9051, 9, date-time).
const DATE_TIME: &str = "%d-%b-%Y %H:%M:%S %z";

/// What a server tells of one mail; a server may tell it in several answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fetched {
    /// Its size in bytes.
    pub size: Option<usize>,
    /// The moment at which the server got it.
    pub came_at: Option<Moment>,
    /// Its bytes, or the beginning that was asked for.
    pub body: Option<Vec<u8>>,
}

/// An answer to a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// What was told of mails, by UID.
    pub mails: BTreeMap<u32, Fetched>,
    /// The UIDs that were found.
    pub found: BTreeSet<u32>,
    /// The reason why the server did not do it, or not all of it; none when it says that it did.
    pub refusal: Option<String>,
}

/// Sends a command and reads all that the server answers.
///
/// # Errors
/// When the connection ends before the answer does.
pub(super) async fn ask(session: &mut Session, command: &str) -> Result<Answer, Error> {
    let tag = session.imap.run_command(command).await?;
    let mut answer = Answer::default();
    loop {
        let response = session.imap.read_response().await?.ok_or(Error::ConnectionLost)?;
        match response.parsed() {
            Response::Fetch(_, attributes) => answer.tell(attributes),
            Response::MailboxData(MailboxDatum::Search(uids)) => answer.found.extend(uids),
            Response::Data { status: Status::Bye, .. } => return Err(Error::ConnectionLost),
            Response::Done { tag: of, status, outcome } if *of == tag => {
                let said = outcome.information.as_deref().unwrap_or("it gives no reason");
                answer.refusal = (*status != Status::Ok).then(|| said.to_owned());
                return Ok(answer);
            }
            // What a server tells by itself is asked for when it is needed.
            _ => {}
        }
    }
}

impl Answer {
    fn tell(&mut self, attributes: &[AttributeValue<'_>]) {
        let uid =
            attributes.iter().find_map(|a| if let AttributeValue::Uid(uid) = a { Some(*uid) } else { None });
        // Without a UID it tells of flags that somebody changed.
        let Some(uid) = uid else { return };
        let mail = self.mails.entry(uid).or_default();
        for attribute in attributes {
            match attribute {
                AttributeValue::Rfc822Size(size) => mail.size = Some(*size as usize),
                AttributeValue::InternalDate(text) => {
                    let came_at = chrono::DateTime::parse_from_str(text.trim(), DATE_TIME);
                    mail.came_at = came_at.ok().map(|at| Moment::from_millis(at.timestamp_millis()));
                }
                AttributeValue::BodySection { section: None, data: Some(body), .. } => {
                    mail.body = Some(body.to_vec());
                }
                _ => {}
            }
        }
    }

    /// Returns the answer, or what the server refused as an error of the connection.
    pub fn complete(self) -> Result<Self, Error> {
        match self.refusal {
            Some(why) => Err(Error::No(why)),
            None => Ok(self),
        }
    }
}
