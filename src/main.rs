//! Logging and the command line, nothing else.

use std::io::Write;

fn main() -> std::process::ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("REDRESS_LOG")
                .unwrap_or_else(|_| "redress=warn,error".into()),
        )
        .with_ansi(false)
        .with_writer(|| Escaped(std::io::stderr()))
        .init();
    redress::cli::run()
}

/// The log, in which what strangers wrote steers no terminal and passes for no record of ours: a record is written whole,
/// and its further lines are set in.
struct Escaped<W>(W);

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, record: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(record);
        let safe = redress::escape::text(text.trim_end()).replace('\n', "\n    ");
        self.0.write_all(format!("{safe}\n").as_bytes())?;
        Ok(record.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
