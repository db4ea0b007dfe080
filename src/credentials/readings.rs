//! `Readings`: the files of secrets, each read once for everything that begins at the same moment.

use super::secret::{Revealed, Secret};
use std::sync::{Mutex, PoisonError};

/// What the files of secrets hold, as it is read when it is first asked for.
#[derive(Debug, Default)]
pub struct Readings(Mutex<Vec<(Secret, Result<Revealed, String>)>>);

impl Readings {
    /// Returns a secret; its file is read unless it has been read for this already.
    ///
    /// # Errors
    /// In words that name the place and never the value.
    pub fn of(&self, secret: &Secret) -> Result<Revealed, String> {
        if !matches!(secret, Secret::File(_)) {
            return secret.read();
        }
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = read.iter().find(|(known, _)| known == secret) {
            return found.clone();
        }
        let found = secret.read();
        read.push((secret.clone(), found.clone()));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_stands_and_another_reads_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        let secret = |file: &std::path::Path| Secret::File(file.to_owned());
        let readings = Readings::default();
        std::fs::write(&one, "first").expect("a file");
        let value = |readings: &Readings, file| readings.of(&secret(file)).map(|v| v.expose().to_owned());
        assert_eq!(value(&readings, &one), Ok("first".to_owned()));
        assert!(value(&readings, &other).is_err_and(|why| why.contains("cannot be read")));
        std::fs::write(&one, "second").expect("a file");
        std::fs::write(&other, "there now").expect("a file");
        assert_eq!(value(&readings, &one), Ok("first".to_owned()), "everything of one moment has the same");
        assert!(value(&readings, &other).is_err());
        assert_eq!(value(&Readings::default(), &one), Ok("second".to_owned()));
        assert!(!format!("{readings:?}").contains("first"), "{readings:?}");
    }
}
