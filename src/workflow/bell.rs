//! `Bell`: a signal that there may be work; every listener gets it, also one that was busy.

use tokio::sync::watch;

/// A signal that there may be work.
#[derive(Debug)]
pub struct Bell(watch::Sender<u64>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Bell {
    /// Wakes every listener.
    pub fn ring(&self) {
        self.0.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Returns a listener to every ring from now on.
    pub fn listen(&self) -> Ears {
        Ears(self.0.subscribe())
    }
}

/// A listener to a [`Bell`].
#[derive(Debug)]
pub struct Ears(watch::Receiver<u64>);

impl Ears {
    /// Waits for a ring; returns at once when it rang since the last call.
    pub async fn heard(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
