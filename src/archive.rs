//! `Archive`: many files in one, each with its digest, written and read as they come: a ZIP. A sealed one ends with the
//! digest of everything before, so that a byte that changed is found wherever it stands. Knows nothing of what they hold.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{ZipArchive, ZipWriter};

/// The letters of a digest.
const DIGEST: u64 = 64;
/// The bytes that are read at once.
const CHUNK: usize = 64 * 1_024;

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name there, with `/` between folders.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// An archive that is being written.
pub struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    entries: Vec<Entry>,
}

impl<W: Write> std::fmt::Debug for Archive<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("entries", &self.entries).finish_non_exhaustive()
    }
}

impl<W: Write> Archive<W> {
    /// Begins an archive that goes into `inner` as it is made.
    pub fn begin(inner: W) -> Self {
        Self { zip: ZipWriter::new_stream(inner), entries: Vec::new() }
    }

    /// Adds a file, which is read as it is written.
    pub fn add(&mut self, name: &str, content: &mut dyn Read) -> io::Result<()> {
        self.zip.start_file(name, SimpleFileOptions::default().large_file(true))?;
        let (size, sha256) = copy(content, &mut self.zip).map_err(Side::into_error)?;
        self.entries.push(Entry { name: name.to_owned(), size, sha256 });
        Ok(())
    }

    /// Returns what is in it so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Ends it.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.zip.finish()?.into_inner())
    }
}

impl Archive<File> {
    /// Ends it with a digest over everything that is in the file, which is then on the disk.
    pub fn seal(mut self) -> io::Result<()> {
        // The comment of a ZIP is the end of the file.
        self.zip.set_comment("0".repeat(DIGEST as usize)).map_err(io::Error::from)?;
        let mut file = self.finish()?;
        let digest = digest_before_seal(&mut file)?;
        file.seek(SeekFrom::End(-(DIGEST as i64)))?;
        file.write_all(digest.as_bytes())?;
        file.sync_all()
    }
}

/// A reason why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It is not what was written, in words.
    #[error("{0}")]
    Damaged(String),
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// The place where its content goes cannot be written to.
    #[error("{0}")]
    Unwritable(io::Error),
}

impl From<ZipError> for ArchiveError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::Unreadable(error),
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// A sealed archive that is what was written.
#[derive(Debug)]
pub struct Sealed(ZipArchive<File>);

impl Sealed {
    /// Opens an archive, and reads it whole to see whether it is what was written.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let mut file = File::open(path)?;
        if file.metadata()?.len() <= DIGEST {
            return Err(ArchiveError::Damaged("it is no such file, or only its beginning".to_owned()));
        }
        let digest = digest_before_seal(&mut file)?;
        file.seek(SeekFrom::End(-(DIGEST as i64)))?;
        let mut seal = Vec::new();
        file.read_to_end(&mut seal)?;
        if seal != digest.as_bytes() {
            let why = "it is not as it was written: bytes have changed or are missing";
            return Err(ArchiveError::Damaged(why.to_owned()));
        }
        file.rewind()?;
        Ok(Self(ZipArchive::new(file)?))
    }

    /// Returns the names of everything in it.
    pub fn names(&self) -> Result<Vec<String>, ArchiveError> {
        self.0.file_names().map(|name| Ok(name?.into_owned())).collect()
    }

    /// Reads a file that is small, whole.
    pub fn small(&mut self, name: &str, most: u64) -> Result<Vec<u8>, ArchiveError> {
        let mut bytes = Vec::new();
        self.0.by_name(name)?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a file elsewhere, and sees whether it is the one that is expected.
    pub fn extract(&mut self, expected: &Entry, to: &mut dyn Write) -> Result<(), ArchiveError> {
        // One that grows beyond what was said is stopped.
        let mut content = self.0.by_name(&expected.name)?.take(expected.size + 1);
        let (size, sha256) = copy(&mut content, to).map_err(|side| match side {
            Side::From(error) => ArchiveError::Unreadable(error),
            Side::To(error) => ArchiveError::Unwritable(error),
        })?;
        if size == expected.size && sha256 == expected.sha256 {
            return Ok(());
        }
        Err(ArchiveError::Damaged(format!("{} in it is not as it was written", expected.name)))
    }
}

/// The side of a copy that failed.
enum Side {
    From(io::Error),
    To(io::Error),
}

impl Side {
    fn into_error(self) -> io::Error {
        match self {
            Self::From(error) | Self::To(error) => error,
        }
    }
}

/// Copies everything, and returns how much that was and its digest.
fn copy(from: &mut dyn Read, to: &mut dyn Write) -> Result<(u64, String), Side> {
    let (mut size, mut digest, mut chunk) = (0, Sha256::new(), vec![0; CHUNK]);
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => return Ok((size, format!("{:x}", digest.finalize()))),
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Side::From(e)),
        };
        digest.update(&chunk[..read]);
        to.write_all(&chunk[..read]).map_err(Side::To)?;
        size += read as u64;
    }
}

/// Returns the digest of a file up to its seal.
fn digest_before_seal(file: &mut File) -> io::Result<String> {
    let size = file.metadata()?.len().saturating_sub(DIGEST);
    file.rewind()?;
    Ok(copy(&mut file.take(size), &mut io::sink()).map_err(Side::into_error)?.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(path: &Path) {
        let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(path).unwrap();
        let mut archive = Archive::begin(file);
        archive.add("a.txt", &mut &b"some text"[..]).unwrap();
        archive.add("b/c.bin", &mut &[7; 100_000][..]).unwrap();
        archive.seal().unwrap();
    }

    #[test]
    fn a_changed_byte_is_found_wherever_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.zip");
        sealed(&path);
        assert_eq!(Sealed::open(&path).unwrap().small("a.txt", 100).unwrap(), b"some text");
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x20;
            std::fs::write(&path, &bytes).unwrap();
            assert!(Sealed::open(&path).is_err(), "byte {at} of {}", whole.len());
        }
        for length in [0, 1, 64, 65, whole.len() - 1] {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert!(Sealed::open(&path).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn what_is_read_is_what_was_expected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.zip");
        sealed(&path);
        let mut archive = Sealed::open(&path).unwrap();
        let expected =
            |size, sha256: &str| Entry { name: "a.txt".to_owned(), size, sha256: sha256.to_owned() };
        let digest = format!("{:x}", Sha256::digest(b"some text"));
        archive.extract(&expected(9, &digest), &mut io::sink()).unwrap();
        for wrong in [expected(8, &digest), expected(9, "00")] {
            assert!(matches!(archive.extract(&wrong, &mut io::sink()), Err(ArchiveError::Damaged(_))));
        }
    }
}
