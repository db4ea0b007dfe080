//! `Line`: a line to PostgreSQL that breaks at the n-th statement, before the server sees it or before its answer
//! arrives. (The protocol: PostgreSQL 15, 55.7 Message Formats.)

use std::io::{Error, Read, Result, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The side of a statement on which the line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The server never sees it.
    Before,
    /// The server has carried it out, and nobody hears of that.
    After,
}

#[derive(Debug, Default)]
struct State {
    /// The statements that were sent since the last `cut_at`.
    statements: usize,
    cut: Option<(usize, Side)>,
    /// True while nobody gets through.
    is_down: bool,
    open: Vec<TcpStream>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub port: u16,
    upstream: String,
    state: Arc<Mutex<State>>,
}

impl Line {
    /// Starts a line to a server, written `host:port`.
    pub fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = Self { port, upstream: upstream.to_owned(), state: Arc::default() };
        let serving = line.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (line, client) = (serving.clone(), client.unwrap());
                std::thread::spawn(move || line.carry(client));
            }
        });
        line
    }

    /// Counts from 0 again, and breaks at the `nth` statement from now.
    pub fn cut_at(&self, nth: usize, side: Side) {
        let mut state = self.state.lock().unwrap();
        (state.statements, state.cut) = (0, Some((nth, side)));
    }

    /// Breaks no more; returns whether it had broken, and how many statements were sent.
    pub fn calm(&self) -> (bool, usize) {
        let mut state = self.state.lock().unwrap();
        (state.cut.take().is_none(), state.statements)
    }

    /// Ends every connection, and lets nobody through until it is up again.
    pub fn go_down(&self) {
        let mut state = self.state.lock().unwrap();
        state.is_down = true;
        state.open.drain(..).for_each(|stream| drop(stream.shutdown(Shutdown::Both)));
    }

    pub fn come_up(&self) {
        self.state.lock().unwrap().is_down = false;
    }

    fn carry(&self, client: TcpStream) {
        if self.state.lock().unwrap().is_down {
            return;
        }
        let server = TcpStream::connect(&self.upstream).unwrap();
        client.set_nodelay(true).unwrap();
        server.set_nodelay(true).unwrap();
        let ends = [client.try_clone().unwrap(), server.try_clone().unwrap()];
        self.state.lock().unwrap().open.extend(ends);
        let is_mute = Arc::new(AtomicBool::new(false));
        let (from, to, mute) =
            (server.try_clone().unwrap(), client.try_clone().unwrap(), Arc::clone(&is_mute));
        std::thread::spawn(move || answers(from, to, &mute));
        let _ = self.questions(&client, &server, &is_mute);
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
    }

    /// Passes on what the client sends, message by message.
    fn questions(&self, mut client: &TcpStream, mut server: &TcpStream, is_mute: &AtomicBool) -> Result<()> {
        // The first message has no kind.
        server.write_all(&message(&mut client, Vec::new())?)?;
        loop {
            let mut kind = [0];
            client.read_exact(&mut kind)?;
            let message = message(&mut client, kind.to_vec())?;
            match (self.side(kind[0]), kind[0]) {
                (Some(Side::Before), _) => return Err(Error::other("cut")),
                (Some(Side::After), b'Q') => {
                    is_mute.store(true, Ordering::SeqCst);
                    server.write_all(&message)?;
                    return self.wait(server);
                }
                (Some(Side::After), _) => {
                    is_mute.store(true, Ordering::SeqCst);
                    server.write_all(&message)?;
                    // It is carried out when the server is asked to.
                    server.write_all(&[b'S', 0, 0, 0, 4])?;
                    return self.wait(server);
                }
                (None, _) => server.write_all(&message)?,
            }
        }
    }

    /// Waits until the other direction has seen the answer, and hung up.
    fn wait(&self, server: &TcpStream) -> Result<()> {
        let mut rest = [0];
        while server.peek(&mut rest)? > 0 {
            std::thread::yield_now();
        }
        Ok(())
    }

    /// Says whether the line breaks at a message of this kind: an Execute or a Query.
    fn side(&self, kind: u8) -> Option<Side> {
        if !matches!(kind, b'E' | b'Q') {
            return None;
        }
        let mut state = self.state.lock().unwrap();
        state.statements += 1;
        let now = state.statements;
        state.cut.take_if(|(nth, _)| *nth == now).map(|(_, side)| side)
    }
}

/// Reads the rest of a message whose kind was read.
fn message(from: &mut &TcpStream, mut message: Vec<u8>) -> Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    message.extend(length);
    let rest = usize::try_from(u32::from_be_bytes(length)).unwrap().saturating_sub(4);
    let at = message.len();
    message.resize(at + rest, 0);
    from.read_exact(&mut message[at..])?;
    Ok(message)
}

/// Passes on what the server answers; the first answer that nobody is to hear ends both directions.
fn answers(mut from: TcpStream, mut to: TcpStream, is_mute: &AtomicBool) {
    let mut buffer = vec![0; 65_536];
    while let Ok(n) = from.read(&mut buffer) {
        if n == 0 || is_mute.load(Ordering::SeqCst) || to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
