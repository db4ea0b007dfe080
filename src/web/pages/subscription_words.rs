//! What is wrong with a webhook that somebody asks for, in words, on the page and in the interface.

use crate::complaint::Text;
use crate::delivery::SubscriptionMistake;
use crate::web::texts::both;

/// The part of a webhook that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum WebhookPart {
    Name,
    Url,
    Takes,
}

/// Says what is wrong with a webhook, and with which part of it.
pub(in crate::web) fn said(mistake: SubscriptionMistake) -> (WebhookPart, Text) {
    match mistake {
        SubscriptionMistake::Name => (WebhookPart::Name, both("subscription_no_name", &[])),
        SubscriptionMistake::FolderHasName => (WebhookPart::Name, both("subscription_folder", &[])),
        SubscriptionMistake::Address => (WebhookPart::Url, both("subscription_no_address", &[])),
        SubscriptionMistake::TakesNothing => (WebhookPart::Takes, both("subscription_nothing", &[])),
        SubscriptionMistake::Other(error) => {
            (WebhookPart::Takes, Text::same(format!("{}: {}", error.why, error.remedy)))
        }
    }
}
