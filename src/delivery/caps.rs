//! Caps on automated mail to outside addresses, so that two machines that answer each other stop
//! (docs/mail.md "Mail loops"). What is over a cap is held and told, never dropped.

use super::channels::EmailMessage;
use crate::calendar::Moment;
use crate::config::DeliverySettings;
use crate::workflow::{ClaimedDelivery, Delivering, Mailed, StoreError};
use std::collections::HashMap;

const HOUR_MILLIS: i64 = 3_600_000;
/// The first letter about a complaint is a duty: this many times as many are let through in a day. Nobody
/// complains more often; a machine that opens a complaint with each answer does.
const FIRST_LETTERS: i64 = 4;
/// The time after which something that is held is looked at again.
const HELD_MILLIS: i64 = 900_000;

/// A delivery that waits, why, and the day and cause under which that is told once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hold {
    pub delivery: ClaimedDelivery,
    pub until: Moment,
    pub why: String,
    pub told: Option<(i64, String)>,
}

/// Parts what may go from what must wait, and counts what may go.
pub(super) async fn sift(
    delivering: Delivering<'_>,
    caps: &DeliverySettings,
    claimed: Vec<ClaimedDelivery>,
    now: Moment,
) -> Result<(Vec<ClaimedDelivery>, Vec<Hold>), StoreError> {
    let bouncing = delivering.bouncing().await?;
    let is_free = |d: &ClaimedDelivery| d.capped_address.is_none() && !d.is_reaction;
    if bouncing.is_empty() && claimed.iter().all(is_free) {
        return Ok((claimed, Vec::new()));
    }
    let mut addresses: Vec<String> = claimed.iter().filter_map(|d| d.capped_address.clone()).collect();
    addresses.sort();
    addresses.dedup();
    let (hour, day) = (now.plus_millis(-HOUR_MILLIS), now.plus_millis(-24 * HOUR_MILLIS));
    let mut counted = Counted {
        mailed: delivering.mailed(&addresses, hour, day).await?,
        reactions: delivering.reactions(hour).await?,
        caps,
    };
    let mut going = Vec::new();
    let mut held = Vec::new();
    for delivery in claimed {
        if let Some(address) = bouncing_address(&delivery, &bouncing) {
            let why = format!(
                "mail to {address} came back twice; `redress deliveries resume {address}` when it is mended"
            );
            let until = now.plus_millis(24 * HOUR_MILLIS);
            // Its owner has been told by another way when it came back.
            held.push(Hold { delivery, until, why, told: None });
            continue;
        }
        match counted.refusal(&delivery) {
            None => {
                counted.count(&delivery);
                going.push(delivery);
            }
            Some((why, kind)) => {
                let day = now.millis().div_euclid(24 * HOUR_MILLIS);
                let told = Some((day, kind));
                held.push(Hold { delivery, until: now.plus_millis(HELD_MILLIS), why, told });
            }
        }
    }
    Ok((going, held))
}

/// Returns the address of a letter, when mail to it comes back. What is no letter is for its channel to
/// refuse.
fn bouncing_address(delivery: &ClaimedDelivery, bouncing: &[String]) -> Option<String> {
    if bouncing.is_empty() {
        return None;
    }
    let to = EmailMessage::read(&delivery.payload).ok()?.to.to_lowercase();
    bouncing.contains(&to).then_some(to)
}

struct Counted<'c> {
    /// In the last hour and day, by address.
    mailed: HashMap<String, Mailed>,
    reactions: i64,
    caps: &'c DeliverySettings,
}

impl Counted<'_> {
    fn refusal(&self, d: &ClaimedDelivery) -> Option<(String, String)> {
        if d.is_reaction && self.reactions >= self.caps.reactions_per_hour {
            let why = format!(
                "incoming mail caused {} letters within an hour (delivery.reactions_per_hour)",
                self.reactions
            );
            return Some((why, "reactions".to_owned()));
        }
        let address = d.capped_address.as_ref()?;
        let Mailed { in_hour: hour, in_day: day } = self.mailed.get(address).copied().unwrap_or_default();
        let (count, span, setting) = if d.is_first_letter {
            let most = self.caps.mails_per_day.max(1) * FIRST_LETTERS;
            if day < most {
                return None;
            }
            (day, "day", "four times delivery.mails_per_day, for first letters")
        } else if hour >= self.caps.mails_per_hour {
            (hour, "hour", "delivery.mails_per_hour")
        } else if day >= self.caps.mails_per_day {
            (day, "day", "delivery.mails_per_day")
        } else {
            return None;
        };
        let why = format!("{count} automated mails went to {address} within a {span} ({setting})");
        Some((why, address.clone()))
    }

    fn count(&mut self, d: &ClaimedDelivery) {
        self.reactions += i64::from(d.is_reaction);
        if let Some(address) = &d.capped_address {
            let counts = self.mailed.entry(address.clone()).or_default();
            *counts = Mailed { in_hour: counts.in_hour + 1, in_day: counts.in_day + 1 };
        }
    }
}
