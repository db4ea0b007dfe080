//! Logging and the command line, nothing else.

fn main() -> std::process::ExitCode {
    redress::logging::start();
    let code = redress::cli::run();
    redress::logging::finish();
    code
}
