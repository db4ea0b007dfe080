//! A mail server in process that replies as it is told, and a real Postfix on loopback.

use super::tls::{Certificates, acceptor};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio_rustls::TlsAcceptor;

/// Replies by the beginning of a command; each is used once, then the command succeeds.
type Script = Arc<Mutex<Vec<(&'static str, &'static str)>>>;

#[derive(Clone, Default)]
pub struct ScriptedServer {
    pub port: u16,
    script: Script,
    heard: Arc<Mutex<Vec<String>>>,
}

impl ScriptedServer {
    pub async fn start(script: &[(&'static str, &'static str)], tls: Option<&Certificates>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            script: Arc::new(Mutex::new(script.to_vec())),
            heard: Arc::default(),
        };
        let (this, tls) = (server.clone(), tls.map(acceptor));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (this, tls) = (this.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => this.starttls(stream, tls).await,
                        None => this.talk(stream, "").await,
                    }
                });
            }
        });
        server
    }

    /// Every line that was said, letters included.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    async fn starttls(self, mut stream: tokio::net::TcpStream, tls: TlsAcceptor) {
        let mut lines = BufReader::new(&mut stream);
        lines.write_all(b"220 test ESMTP\r\n").await.unwrap();
        let mut line = String::new();
        while lines.read_line(&mut line).await.unwrap_or(0) > 0 {
            let is_start = line.starts_with("STARTTLS");
            let reply = if is_start { "220 go on\r\n" } else { "250-test\r\n250 STARTTLS\r\n" };
            lines.write_all(reply.as_bytes()).await.unwrap();
            line.clear();
            if is_start {
                break;
            }
        }
        if let Ok(stream) = tls.accept(stream).await {
            self.talk(stream, "already greeted").await;
        }
    }

    async fn talk(self, stream: impl AsyncRead + AsyncWrite + Unpin, greeted: &str) {
        let mut stream = BufReader::new(stream);
        if greeted.is_empty() {
            let greeting = self.reply("CONNECT", "220 test ESMTP");
            let _ = stream.write_all(greeting.as_bytes()).await;
        }
        let mut is_data = false;
        let mut line = String::new();
        while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
            let said = line.trim_end().to_owned();
            line.clear();
            self.heard.lock().unwrap().push(said.clone());
            let reply = match said.as_str() {
                "." if is_data => {
                    is_data = false;
                    self.reply(".", "250 2.0.0 queued as 1")
                }
                _ if is_data => continue,
                s if s.starts_with("EHLO") => {
                    "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN XOAUTH2\r\n".to_owned()
                }
                s if s.starts_with("AUTH") => self.reply("AUTH", "235 2.7.0 welcome"),
                s if s.starts_with("RCPT") => self.reply("RCPT", "250 ok"),
                "DATA" => {
                    let reply = self.reply("DATA", "354 go on");
                    is_data = reply.starts_with("354");
                    reply
                }
                _ => self.reply("", "250 ok"),
            };
            if stream.write_all(reply.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn reply(&self, to: &str, otherwise: &str) -> String {
        let mut script = self.script.lock().unwrap();
        let found = script.iter().position(|(command, _)| *command == to && !to.is_empty());
        let text = found.map_or(otherwise, |i| script.remove(i).1);
        format!("{text}\r\n")
    }
}

/// A Postfix of its own, with STARTTLS required, delivering to Maildirs.
pub struct Postfix {
    child: std::process::Child,
    folder: PathBuf,
    pub port: u16,
}

impl Postfix {
    /// None where there is no Postfix, or no right to start one; under CI both must be.
    pub fn start(folder: &Path, files: &Certificates) -> Option<Self> {
        let is_there = Path::new("/usr/sbin/postfix").exists() && Path::new("/root/.").read_dir().is_ok();
        assert!(is_there || std::env::var_os("CI").is_none(), "Postfix is missing; .ci/run installs it");
        if !is_there {
            return None;
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let root = folder.join("postfix");
        for part in ["etc", "queue", "data", "mail"] {
            std::fs::create_dir_all(root.join(part)).unwrap();
        }
        let shell = |text: &str| {
            let done = Command::new("sh").args(["-c", text]).output().unwrap();
            assert!(done.status.success(), "{text}: {}", String::from_utf8_lossy(&done.stderr));
        };
        let at = root.display();
        shell(&format!(
            "chmod 755 {} {at}; chown postfix {at}/data; chown nobody {at}/mail",
            folder.display()
        ));
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = mail.example.nl\nmydestination =\n\
             alias_maps =\nmaillog_file = /dev/stdout\nvirtual_mailbox_domains = example.nl, lagant.nl\n\
             virtual_mailbox_base = {at}/mail\n\
             virtual_mailbox_maps = inline:{{ {{ jan@example.nl = jan/ }}, {{ @lagant.nl = staff/ }} }}\n\
             virtual_uid_maps = static:65534\nvirtual_gid_maps = static:65534\nvirtual_minimum_uid = 1\n\
             smtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\nsmtpd_tls_security_level = encrypt\n\
             smtpd_recipient_restrictions = reject_unauth_destination\nsmtpd_reject_unlisted_recipient = yes\n",
            files.certificate.display(),
            files.key.display()
        );
        let service = |name: &str, kind: &str, private: &str, program: &str| {
            let unprivileged = if program == "virtual" { "n" } else { "-" };
            format!("{name} {kind} {private} {unprivileged} n - - {program}\n")
        };
        let mut master = service(&format!("127.0.0.1:{port}"), "inet", "n", "smtpd");
        master.push_str(
            "postlog unix-dgram n - n - 1 postlogd\nqmgr unix n - n 300 1 qmgr\n\
             tlsmgr unix - - n 1000? 1 tlsmgr\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\n\
             trace unix - - n - 0 bounce\ncleanup unix n - n - 0 cleanup\n",
        );
        for (name, private, program) in [
            ("showq", "n", "showq"),
            ("rewrite", "-", "trivial-rewrite"),
            ("proxymap", "-", "proxymap"),
            ("virtual", "-", "virtual"),
            ("error", "-", "error"),
            ("anvil", "-", "anvil"),
        ] {
            master.push_str(&service(name, "unix", private, program));
        }
        std::fs::write(root.join("etc/main.cf"), main).unwrap();
        std::fs::write(root.join("etc/master.cf"), master).unwrap();
        let log = std::fs::File::create(root.join("log")).unwrap();
        let child = Command::new("/usr/sbin/postfix")
            .args(["-c", &format!("{at}/etc"), "start-fg"])
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let started = (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(started, "Postfix does not start: {}", log_of(&root));
        Some(Self { child, folder: root, port })
    }

    pub fn log(&self) -> String {
        log_of(&self.folder)
    }

    /// The mails in a Maildir, as they were delivered.
    pub fn delivered(&self, maildir: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.join("mail").join(maildir).join("new"));
        let files = entries.map(|e| e.flatten().collect::<Vec<_>>()).unwrap_or_default();
        files.iter().map(|e| std::fs::read_to_string(e.path()).unwrap()).collect()
    }
}

fn log_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = Command::new("/usr/sbin/postfix")
            .args(["-c", &self.folder.join("etc").display().to_string(), "abort"])
            .output();
        let _ = self.child.wait();
    }
}
