//! `Packing`: an archive that is written by a thread of its own, piece by piece as the pieces come, and no faster than the
//! disk takes them: little of it is in memory, however large its files are.

use crate::archive::{Archive, Entry};
use std::fs::File;
use std::io::{self, Read, Seek};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};

/// The pieces that may wait, and the bytes of one, however much is handed over at once.
const WAITING: usize = 4;
const PIECE: usize = 64 * 1_024;

enum Order {
    Begin(String),
    Piece(Vec<u8>),
    End,
    List(oneshot::Sender<Vec<Entry>>),
    Seal,
}

/// An archive under way. What is dropped before it is sealed has no seal.
pub(in crate::workflow) struct Packing {
    orders: mpsc::Sender<Order>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Packing {
    /// Begins an archive in a file.
    pub fn begin(file: File) -> Self {
        let (orders, taken) = mpsc::channel(WAITING);
        Self { orders, thread: Some(spawn_blocking(move || pack(file, taken))) }
    }

    /// Begins a file of the archive.
    pub async fn open(&mut self, name: &str) -> io::Result<()> {
        self.send(Order::Begin(name.to_owned())).await
    }

    /// Adds to the file that was begun.
    pub async fn write(&mut self, bytes: impl AsRef<[u8]> + Send + Sync) -> io::Result<()> {
        for piece in bytes.as_ref().chunks(PIECE) {
            self.send(Order::Piece(piece.to_vec())).await?;
        }
        Ok(())
    }

    /// Ends the file that was begun.
    pub async fn close(&mut self) -> io::Result<()> {
        self.send(Order::End).await
    }

    /// Adds a whole file.
    pub async fn file(&mut self, name: &str, content: impl AsRef<[u8]> + Send + Sync) -> io::Result<()> {
        self.open(name).await?;
        self.write(content).await?;
        self.close().await
    }

    /// Adds a file that was made aside, from its beginning.
    pub async fn copy(&mut self, name: &str, mut file: File) -> io::Result<()> {
        file.rewind()?;
        self.open(name).await?;
        loop {
            let read = spawn_blocking(move || {
                let mut piece = vec![0; PIECE];
                let read = file.read(&mut piece)?;
                piece.truncate(read);
                Ok::<_, io::Error>((file, piece))
            });
            let (back, piece) = read.await.map_err(io::Error::other)??;
            file = back;
            if piece.is_empty() {
                break;
            }
            self.write(piece).await?;
        }
        self.close().await
    }

    /// Returns what is in it so far.
    pub async fn entries(&mut self) -> io::Result<Vec<Entry>> {
        let (answer, asked) = oneshot::channel();
        self.send(Order::List(answer)).await?;
        match asked.await {
            Ok(entries) => Ok(entries),
            Err(_) => Err(self.failure().await),
        }
    }

    /// Seals it; it is on the disk then.
    pub async fn seal(mut self) -> io::Result<()> {
        self.send(Order::Seal).await?;
        match self.thread.take() {
            Some(thread) => thread.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }

    async fn send(&mut self, order: Order) -> io::Result<()> {
        match self.orders.send(order).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.failure().await),
        }
    }

    /// Returns why the thread has ended before its time.
    async fn failure(&mut self) -> io::Error {
        let ended = match self.thread.take() {
            Some(thread) => thread.await.unwrap_or_else(|e| Err(io::Error::other(e))),
            None => Ok(()),
        };
        ended.err().unwrap_or_else(|| io::Error::other("the archive was ended"))
    }
}

fn pack(file: File, mut orders: mpsc::Receiver<Order>) -> io::Result<()> {
    let mut archive = Archive::begin(file);
    while let Some(order) = orders.blocking_recv() {
        match order {
            Order::Begin(name) => {
                archive.add(&name, &mut Pieces { orders: &mut orders, piece: Vec::new(), at: 0 })?
            }
            Order::List(answer) => drop(answer.send(archive.entries().to_vec())),
            Order::Seal => return archive.seal(),
            Order::Piece(_) | Order::End => return Err(io::Error::other("a piece belongs to no file")),
        }
    }
    Ok(())
}

/// The pieces of one file, as they come.
struct Pieces<'o> {
    orders: &'o mut mpsc::Receiver<Order>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            match self.orders.blocking_recv() {
                Some(Order::Piece(piece)) => (self.piece, self.at) = (piece, 0),
                Some(Order::End) => return Ok(0),
                _ => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let length = into.len().min(self.piece.len() - self.at);
        into[..length].copy_from_slice(&self.piece[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
