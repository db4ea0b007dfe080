//! Logging and the command line, nothing else.

fn main() -> std::process::ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("REDRESS_LOG")
                .unwrap_or_else(|_| "redress=warn,error".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    redress::cli::run()
}
