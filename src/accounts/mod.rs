//! What signing in rests on: passwords, second factors, tokens, how long a session counts, and when somebody must wait before another
//! attempt. Knows no store and no HTTP, and no time but what it is handed.

mod attempts;
mod lifetime;
mod password;
mod reset;
mod scope;
mod second_factor;
mod token;

pub use attempts::{RecentFailures, waits_until};
pub use lifetime::{LINK_MILLIS, REMEMBERED_MILLIS, counts_until};
pub use password::{HASHING, PasswordHash, UnfitPassword, check_password};
pub use reset::{RESET_MILLIS, next_reset};
pub use scope::Scope;
pub use second_factor::{RECOVERY_CODES, RecoveryCode, SharedSecret};
pub use token::Token;
