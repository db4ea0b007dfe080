//! `bounced_addresses`: addresses of our own people to which mail does not arrive.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    pub(in crate::store) struct BouncedAddressRow in "bounced_addresses" as "address" ("address") {
        pub address: String,
        pub bounces: i64,
        pub last_at: Moment,
    }
}
