//! A real Dovecot on loopback, with Maildirs, TLS, passwords and XOAUTH2; and a line to it that can be cut.

use super::tls::Certificates;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub const PASSWORD: &str = "imap-password-1";

pub struct Dovecot {
    child: Option<Child>,
    root: PathBuf,
    pub port: u16,
    pub tls_port: u16,
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Dovecot {
    /// None where there is no Dovecot, or no right to start one; under CI both must be. `tokeninfo` is asked whether a
    /// token is good.
    pub fn start(folder: &Path, files: &Certificates, tokeninfo: &str) -> Option<Self> {
        let is_there = Path::new("/usr/sbin/dovecot").exists() && Path::new("/root/.").read_dir().is_ok();
        assert!(is_there || std::env::var_os("CI").is_none(), "Dovecot is missing; .ci/run installs it");
        if !is_there {
            return None;
        }
        let root = folder.join("dovecot");
        for part in ["mail", "run"] {
            std::fs::create_dir_all(root.join(part)).unwrap();
        }
        let (port, tls_port) = (free_port(), free_port());
        let at = root.display();
        std::fs::write(
            root.join("oauth2.conf"),
            format!("tokeninfo_url = {tokeninfo}\nintrospection_mode = auth\nusername_attribute = email\nactive_attribute = active\nactive_value = yes\n"),
        )
        .unwrap();
        let config = format!(
            "base_dir = {at}/run\nlog_path = {at}/log\nprotocols = imap\nlisten = 127.0.0.1\nmail_location = maildir:{at}/mail/%u\n\
             ssl = yes\nssl_cert = <{}\nssl_key = <{}\ndisable_plaintext_auth = no\nauth_mechanisms = plain login xoauth2\n\
             first_valid_uid = 1\nmail_uid = nobody\nmail_gid = nogroup\ndefault_login_user = nobody\ndefault_internal_user = nobody\n\
             default_internal_group = nogroup\n\
             passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {at}/oauth2.conf\n}}\n\
             passdb {{\n  driver = static\n  args = password={PASSWORD}\n}}\n\
             userdb {{\n  driver = static\n  args = uid=nobody gid=nogroup home={at}/mail/%u\n}}\n\
             namespace inbox {{\n  inbox = yes\n  mailbox Verwerkt {{\n    auto = create\n  }}\n}}\n\
             service anvil {{\n  chroot =\n}}\nservice imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {port}\n  }}\n\
               inet_listener imaps {{\n    port = {tls_port}\n    ssl = yes\n  }}\n}}\nservice stats {{\n  chroot =\n}}\n",
            files.certificate.display(),
            files.key.display()
        );
        std::fs::write(root.join("dovecot.conf"), config).unwrap();
        let shell = format!("chmod -R a+rX {}; chown -R nobody {at}/mail", folder.display());
        Command::new("sh").args(["-c", &shell]).output().unwrap();
        let mut dovecot = Self { child: None, root, port, tls_port };
        dovecot.resume();
        Some(dovecot)
    }

    /// Starts the server, or starts it again.
    pub fn resume(&mut self) {
        let config = self.root.join("dovecot.conf").display().to_string();
        self.child = Some(Command::new("/usr/sbin/dovecot").args(["-F", "-c", &config]).spawn().unwrap());
        let is_up = (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(25));
            std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()
        });
        assert!(is_up, "Dovecot does not start: {}", self.log());
    }

    pub fn stop(&mut self) {
        let config = self.root.join("dovecot.conf").display().to_string();
        let _ = Command::new("/usr/sbin/dovecot").args(["-c", &config, "stop"]).output();
        if let Some(mut child) = self.child.take() {
            let _ = child.wait();
        }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.root.join("log")).unwrap_or_default()
    }

    fn maildir(&self, user: &str) -> PathBuf {
        self.root.join("mail").join(user)
    }

    /// Delivers mails as a mail server does: into `tmp`, then `new`.
    pub fn deliver(&self, user: &str, mails: impl IntoIterator<Item = (String, String)>) {
        let maildir = self.maildir(user);
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(maildir.join(part)).unwrap();
        }
        for (name, text) in mails {
            std::fs::write(maildir.join("tmp").join(&name), text).unwrap();
            std::fs::rename(maildir.join("tmp").join(&name), maildir.join("new").join(&name)).unwrap();
        }
        let shell = format!("chown -R nobody {}", maildir.display());
        Command::new("sh").args(["-c", &shell]).output().unwrap();
    }

    /// How many mails are in a folder, new and old; "" is the inbox.
    pub fn count(&self, user: &str, folder: &str) -> usize {
        let root = self.maildir(user).join(folder);
        let files = |part: &str| std::fs::read_dir(root.join(part)).map_or(0, Iterator::count);
        files("new") + files("cur")
    }

    /// The mailbox is made anew under the same name, as after a restore: every UID means something else.
    pub fn forget_uids(&mut self, user: &str) {
        self.stop();
        for entry in std::fs::read_dir(self.maildir(user)).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("dovecot") {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        // UIDVALIDITY is the time in seconds.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        self.resume();
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A line to a server that breaks after so many bytes of answers; its port. Each new connection gets twice as many.
pub async fn cut_line(port: u16, first: usize) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    let allowed = Arc::new(AtomicUsize::new(first));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let allowance = allowed.load(Ordering::SeqCst);
            allowed.store(allowance * 2, Ordering::SeqCst);
            tokio::spawn(async move {
                let server = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let (mut from_server, mut to_server) = server.into_split();
                let (mut from_client, mut to_client) = client.into_split();
                tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
                let mut left = allowance;
                let mut buffer = [0; 512];
                while left > 0 {
                    let Ok(n) = from_server.read(&mut buffer).await else { return };
                    if n == 0 || to_client.write_all(&buffer[..n.min(left)]).await.is_err() {
                        return;
                    }
                    left -= n.min(left);
                }
            });
        }
    });
    own
}
