//! The wall-clock backstop: somebody looks on while decisions are made, and ends the one that takes too long
//! (docs/semantics.md 4.5).

use crate::rules::Cancel;
use std::time::Duration;

/// The longest that one decision may take is so many looks, one after the other.
const LOOK: Duration = Duration::from_millis(250);
const LOOKS: u32 = 20;

/// Waits for work on decisions. One that is seen under way for five seconds is ended, and no other.
pub(super) async fn watched<T>(decisions: &[Cancel], work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    let mut seen = vec![0_u32; decisions.len()];
    loop {
        if let Ok(done) = tokio::time::timeout(LOOK, &mut work).await {
            return done;
        }
        for (decision, seen) in decisions.iter().zip(&mut seen) {
            *seen = if decision.is_at_work() { *seen + 1 } else { 0 };
            if *seen >= LOOKS {
                decision.raise();
            }
        }
    }
}
