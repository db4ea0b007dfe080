//! `accounts`: who signs in to the page.

use crate::calendar::Moment;
use crate::complaint::Language;
use crate::store::row::row;

row! {
    /// What is kept of somebody who may sign in.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Account in "accounts" as "account" ("email") {
        /// The address by which redress.toml names the person, in lower case.
        pub email: String,
        /// The hash of the password; none until one was chosen.
        pub password: Option<String>,
        /// True while the person may not sign in.
        pub is_locked: bool,
        /// The failed attempts in a row.
        pub failures: i64,
        /// The moment of the last of them.
        pub failed_at: Option<Moment>,
        /// The digest of the latest one-time link; none when there is none that was not used.
        pub(in crate::store) link: Option<String>,
        /// The end of that link.
        pub link_ends_at: Option<Moment>,
        /// The moment of the last change but of attempts.
        pub changed_at: Moment,
        /// The name under which the secret of the second factor is derived; none while there is none.
        pub factor_name: Option<String>,
        /// The moment since which there is one.
        pub factor_since: Option<Moment>,
        /// The last step of which a code was used.
        pub factor_step: Option<i64>,
        /// The language that the person chose for the page; none for that of redress.toml.
        pub language: Option<Language>,
        /// The mails with a link since a password was last chosen.
        pub resets: i64,
        /// The moment of the last of them.
        pub reset_at: Option<Moment>,
        /// The moment at which the person last signed in.
        pub signed_in_at: Option<Moment>,
    }
}

impl Account {
    /// Returns whether the latest one-time link is the one of this digest.
    pub fn has_link(&self, digest: &str) -> bool {
        self.link.as_deref() == Some(digest)
    }

    /// Makes an account without a password.
    pub(in crate::store) fn new(email: &str, at: Moment) -> Self {
        Self {
            email: email.to_owned(),
            password: None,
            is_locked: false,
            failures: 0,
            failed_at: None,
            link: None,
            link_ends_at: None,
            changed_at: at,
            factor_name: None,
            factor_since: None,
            factor_step: None,
            language: None,
            resets: 0,
            reset_at: None,
            signed_in_at: None,
        }
    }
}
