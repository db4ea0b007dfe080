//! `Supervisor`: lets a service manager know how the server fares, by the protocol of `sd_notify(3)`. Without one
//! nothing is told.

use crate::progress::Part;
use crate::workflow::Workflow;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The longest that a part may take without ending a round, in a process that lives.
const STILL: Duration = Duration::from_secs(600);
/// The time within which a stop is noticed.
const LOOK: Duration = Duration::from_millis(500);

/// What a service manager is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Everything has started, or was read again.
    Ready,
    /// The settings are read again.
    Reloading,
    /// The server is about to end.
    Stopping,
    /// The server lives.
    Alive,
}

/// The service manager that started this process, if one did.
#[derive(Clone, Debug)]
pub(super) struct Supervisor {
    socket: Option<PathBuf>,
    /// The time within which it wants to hear that the server lives; none when it does not ask.
    patience: Option<Duration>,
}

impl Supervisor {
    /// Finds the service manager as it made itself known.
    pub fn from_environment() -> Self {
        let microseconds = std::env::var("WATCHDOG_USEC").ok().and_then(|text| text.parse().ok());
        let is_ours = std::env::var("WATCHDOG_PID")
            .map_or(true, |pid| pid.parse::<u32>().is_ok_and(|pid| pid == std::process::id()));
        Self {
            socket: std::env::var_os("NOTIFY_SOCKET").filter(|socket| !socket.is_empty()).map(PathBuf::from),
            patience: microseconds.filter(|n| *n > 0 && is_ours).map(Duration::from_micros),
        }
    }

    /// Tells it a state. That it cannot be told is no reason to stop.
    pub fn tell(&self, state: State) {
        let Some(socket) = &self.socket else { return };
        let text = match state {
            State::Ready => "READY=1\nSTATUS=running".to_owned(),
            // The manager compares it with the moment at which it asked.
            State::Reloading => format!("RELOADING=1\nMONOTONIC_USEC={}", monotonic_microseconds()),
            State::Stopping => "STOPPING=1\nSTATUS=ending what is under way".to_owned(),
            State::Alive => "WATCHDOG=1".to_owned(),
        };
        if let Err(e) = send(socket, text.as_bytes()) {
            tracing::warn!("the service manager cannot be told: {e}");
        }
    }
}

fn monotonic_microseconds() -> i128 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    i128::from(now.tv_sec) * 1_000_000 + i128::from(now.tv_nsec) / 1_000
}

fn send(socket: &std::path::Path, text: &[u8]) -> std::io::Result<()> {
    let datagram = UnixDatagram::unbound()?;
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::ffi::OsStrExt;
        // A name that begins with @ stands in no file system.
        if let Some(name) = socket.as_os_str().as_bytes().strip_prefix(b"@") {
            let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
            datagram.send_to_addr(text, &address)?;
            return Ok(());
        }
    }
    datagram.send_to(text, socket)?;
    Ok(())
}

/// Lets the service manager know that the server lives, for as long as its parts move, until `stop`.
pub(super) async fn keep_alive(supervisor: Supervisor, workflow: Arc<Workflow>, stop: Arc<AtomicBool>) {
    let mut told: Option<Duration> = None;
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK).await;
        let Some(patience) = supervisor.patience else { continue };
        let elapsed = workflow.clock().elapsed();
        let is_due = told.is_none_or(|told| elapsed.saturating_sub(told) * 3 >= patience);
        let progress = workflow.progress();
        let moves = |part: &Part| progress.still_for(part).is_none_or(|still| still < STILL);
        if is_due && moves(&Part::Scheduler) && moves(&Part::Watchdog) {
            supervisor.tell(State::Alive);
            told = Some(elapsed);
        }
    }
}
