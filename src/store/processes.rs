//! `Processes`: the handle of the processes that share a database. Each renews a lease while it lives, and from the
//! leases that run each knows its share of the work.

use super::database::Database;
use super::error::StoreError;
use super::statement::Statement;
use super::tables::processes::Process;
use crate::complaint::ComplaintId;
use std::time::Duration;

/// The handle of the processes that share a database.
#[derive(Clone, Debug)]
pub struct Processes(pub(super) Database);

/// The part of the work that one of several processes does: every so many complaints one. The shares of processes that
/// know of the same others do not overlap, and leave nothing out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    place: u32,
    of: u32,
}

impl Share {
    /// All of the work.
    pub const ALL: Self = Self { place: 0, of: 1 };

    /// Returns the share of one of the processes that live; all of the work for one that is not among them: what two
    /// do is done once all the same.
    pub fn among(id: &str, living: &[Process]) -> Self {
        let place = living.iter().position(|process| process.id == id);
        let share = place.and_then(|at| Some((u32::try_from(at).ok()?, u32::try_from(living.len()).ok()?)));
        share.map_or(Self::ALL, |(place, of)| Self { place, of })
    }

    /// Returns the number of processes among which the work is shared, at least 1.
    pub fn of(self) -> u32 {
        self.of
    }

    /// Returns whether it is the share in which is done what only one is to do.
    pub fn is_first(self) -> bool {
        self.place == 0
    }

    /// Returns whether a complaint belongs to it.
    pub fn has(self, complaint: ComplaintId) -> bool {
        complaint.0.rem_euclid(i64::from(self.of)) == i64::from(self.place)
    }

    /// Returns whether something that is known by a name belongs to it, such as a mailbox.
    pub fn has_named(self, name: &str) -> bool {
        // FNV-1a: the same in every process, whatever its version.
        let hash = name
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        hash % self.of == self.place
    }

    /// Returns what narrows a select of complaints to it, after a condition; empty where it is everything.
    pub(super) fn condition(self) -> String {
        match self {
            Self::ALL => String::new(),
            Self { place, of } => format!(" AND id % {of} = {place}"),
        }
    }
}

impl Processes {
    /// Renews the lease of a process, and returns all whose lease runs, in the order that all see; none on SQLite, where
    /// nothing is shared. What leases are measured by is the clock of the database.
    pub async fn renew(&self, process: &Process, lease: Duration) -> Result<Vec<Process>, StoreError> {
        let Some(time) = self.0.engine.time() else { return Ok(Vec::new()) };
        let renewed = format!(
            "INSERT INTO processes (id, place, settings, plugins, lease_until) VALUES ($1, $2, $3, $4, {time} + $5) \
             ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, plugins = excluded.plugins, \
             lease_until = excluded.lease_until"
        );
        let mut tx = self.0.begin().await?;
        Statement::new(renewed)
            .with(process.id.as_str())
            .with(process.place.as_str())
            .with(process.settings.as_str())
            .with(process.plugins.as_str())
            .with(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX))
            .run(&mut tx)
            .await?;
        Statement::new(format!("DELETE FROM processes WHERE lease_until <= {time}")).run(&mut tx).await?;
        let living = Statement::select::<Process>("FROM processes ORDER BY id").all(&mut tx).await?;
        tx.commit().await?;
        Ok(living)
    }

    /// Returns the processes whose lease runs, in the order that all see.
    pub async fn living(&self) -> Result<Vec<Process>, StoreError> {
        let Some(time) = self.0.engine.time() else { return Ok(Vec::new()) };
        let living = format!("FROM processes WHERE lease_until > {time} ORDER BY id");
        Statement::select::<Process>(&living).all(&self.0.reader).await
    }

    /// Ends the lease of a process that stops, so that others take up its work at once.
    pub async fn leave(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Statement::new("DELETE FROM processes WHERE id = $1").with(id).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn living(n: usize) -> Vec<Process> {
        let process = |n| Process {
            id: format!("p{n}"),
            place: String::new(),
            settings: String::new(),
            plugins: String::new(),
        };
        (0..n).map(process).collect()
    }

    /// Whatever the number of processes, each complaint and each mailbox belongs to exactly one of them.
    #[test]
    fn shares_leave_nothing_out_and_do_not_overlap() {
        for n in 1..=7 {
            let living = living(n);
            let shares: Vec<Share> = living.iter().map(|p| Share::among(&p.id, &living)).collect();
            assert_eq!(shares.iter().filter(|share| share.is_first()).count(), 1);
            for id in 0..100 {
                let of = shares.iter().filter(|share| share.has(ComplaintId(id))).count();
                assert_eq!(of, 1, "complaint {id} among {n}");
            }
            for name in ["klachten", "info", "", "é", "a very long name of a mailbox"] {
                assert_eq!(
                    shares.iter().filter(|share| share.has_named(name)).count(),
                    1,
                    "{name} among {n}"
                );
            }
        }
        assert_eq!(Share::among("p9", &living(3)), Share::ALL, "one that is not seen leaves nothing undone");
    }
}
