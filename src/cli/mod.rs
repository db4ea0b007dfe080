//! The command line: one file per command, stable output, errors with a remedy.

mod act;
mod actor;
mod agreement;
mod audit;
mod audit_pack;
mod backup;
mod beside;
mod check;
mod clauses;
mod clock;
mod completions;
mod contact;
mod deliveries;
mod demo;
mod diagnostics;
mod doctor;
mod explain;
mod export;
mod failure;
mod fix;
mod forget;
mod help;
mod import;
mod intake;
mod kept_head;
mod letters;
mod list;
mod mail;
mod migrate;
mod opened;
mod output;
mod pauses;
mod person;
mod plan;
mod plugins;
mod publish;
mod recommendations;
mod register;
mod reports;
mod restore;
mod retold;
mod rules;
mod search;
mod serve;
mod show;
mod similar;
mod simulate;
mod story;
mod terms;
mod tick;
mod token;
mod user;
mod why;

use crate::app::{Access, Places};
use crate::calendar::Moment;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use failure::{Failure, TEMPORARY};
use opened::on;
use output::Output;
use std::path::PathBuf;
use std::process::ExitCode;

/// The heading of the options that every command has.
const EVERYWHERE: &str = "Options of every command";

/// Runs a company's complaints procedure.
#[derive(Debug, Parser)]
#[command(name = "redress", version, about)]
struct Arguments {
    /// Settings; redress.toml when there is one
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// The rules folder
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR", default_value = "rules")]
    rules: PathBuf,
    /// The plugins folder
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR", default_value = "plugins")]
    plugins: PathBuf,
    /// Print JSON
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    json: bool,
    /// Fix the time, for rehearsals: 2026-11-22T09:00:00+01:00
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "RFC3339")]
    clock: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything: scheduler, intake, delivery, health endpoint
    Serve,
    /// Play seven months of sample mail through the procedure in seconds
    Demo(demo::Demo),
    /// Take in raw mails from files, or from standard input
    Intake(intake::Intake),
    /// Log a complaint told by phone, on paper or in a chat
    Contact(contact::Contact),
    /// Evaluate what is due and deliver what is queued, once
    Tick,
    /// List complaints
    List(list::List),
    /// Read the mails of a complaint, raw or with their attachments
    Mail(mail::Mail),
    /// Find complaints by words, numbers and addresses
    Search(search::Search),
    /// Show one complaint with its deadlines, events, messages and possible actions
    Show(show::Show),
    /// Explain a complaint: why each rule fired, what it waits for, how each term came about
    Why(why::Why),
    /// Play a complaint forward, with assumed answers, without changing anything
    Simulate(simulate::Simulate),
    /// List complaints that may be about the same matter
    Similar(similar::Similar),
    /// Carry out an action on a complaint
    Act(act::Act),
    /// Write the dossier of a complaint into one file, for an auditor or a court; or check one
    Export(export::Export),
    /// Take the names and texts of a complaint away before its retention has passed
    Forget(forget::Forget),
    /// Take over an earlier register from a spreadsheet, or undo that
    Import(import::Import),
    /// Write out everything that is kept of a person
    Person(person::Person),
    /// Print the register
    Register(register::RegisterCommand),
    /// Show and conclude periodic reports
    #[command(subcommand)]
    Reports(reports::Reports),
    /// Keep the director's recommendations
    #[command(subcommand)]
    Recommendations(recommendations::Recommendations),
    /// Check, test and publish the rules
    #[command(subcommand)]
    Rules(rules::Rules),
    /// List and check plugins
    #[command(subcommand)]
    Plugins(plugins::PluginCommand),
    /// List deliveries and replay dead ones
    #[command(subcommand)]
    Deliveries(deliveries::Deliveries),
    /// Verify the audit trail, print its head, make the pack of a year for an auditor; or go on when the key is lost
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Say who may sign in to the page
    #[command(subcommand)]
    User(user::UserCommand),
    /// Say which programs may use the interface, and in whose name
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Go on after the clock has jumped
    #[command(subcommand)]
    Clock(clock::ClockCommand),
    /// Say what needs attention and what to do; exits 1 when anything does
    Doctor,
    /// Copy everything into one file while everything runs
    Backup(backup::Backup),
    /// Check a backup, make an installation of it, and let that go on
    Restore(restore::Restore),
    /// Bring the database up to date, or move it to the other engine
    Migrate(migrate::Migrate),
    /// Print the completions of a shell
    Completions(completions::Completions),
    /// Print the manual page, or write a page for each command
    Manual(completions::Manual),
}

/// Returns the command line as it is read, completed and documented.
fn program() -> clap::Command {
    help::grouped(Arguments::command())
}

/// Reads the arguments and runs the command.
pub fn run() -> ExitCode {
    let read = program().try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match read {
        Ok(arguments) => arguments,
        Err(e) => {
            let is_mistake = e.use_stderr();
            let _ = e.print();
            let is_pipe = std::env::args().any(|argument| argument == "intake");
            // A mail server sends the complaint back on any other code.
            let code =
                if is_mistake && is_pipe { TEMPORARY } else { u8::try_from(e.exit_code()).unwrap_or(2) };
            return ExitCode::from(code);
        }
    };
    let is_pipe = matches!(&arguments.command, Command::Intake(intake) if intake.takes_mail());
    let output = Output { json: arguments.json, quiet: false };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return output.failure(&Failure::temporary(e.to_string())),
    };
    let done = runtime.block_on(dispatch(arguments, &output));
    // A mail that is stored is stored, whoever hears of it.
    match done.and_then(|()| if is_pipe { Ok(()) } else { output.is_whole() }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if is_pipe => output.failure(&Failure { code: TEMPORARY, ..failure }),
        Err(failure) if failure.text.is_empty() => ExitCode::from(failure.code),
        Err(failure) => output.failure(&failure),
    }
}

async fn dispatch(arguments: Arguments, output: &Output) -> Result<(), Failure> {
    let clock = arguments.clock.as_deref().map(parse_clock).transpose()?;
    let places = |access| Places {
        config: arguments.config.clone(),
        data: arguments.data.clone(),
        rules: arguments.rules.clone(),
        plugins: arguments.plugins.clone(),
        clock,
        access,
    };
    let (look, change) = (places(Access::Look), places(Access::Change));
    match arguments.command {
        Command::Serve => serve::run(&change, output).await,
        Command::Demo(demo) => demo.run(&change, output).await,
        Command::Intake(intake) => intake.run(&change, output).await,
        Command::Contact(contact) => on(&change, async |app| contact.run(app, output).await).await,
        Command::Tick => on(&change, async |app| tick::run(app, output).await).await,
        Command::List(list) => on(&look, async |app| list.run(app, output).await).await,
        Command::Search(search) => on(&look, async |app| search.run(app, output).await).await,
        Command::Mail(mail) => on(&look, async |app| mail.run(app, output).await).await,
        Command::Show(show) => on(&look, async |app| show.run(app, output).await).await,
        Command::Why(why) => on(&look, async |app| why.run(app, output).await).await,
        Command::Simulate(simulate) => on(&look, async |app| simulate.run(app, output).await).await,
        Command::Similar(similar) => on(&look, async |app| similar.run(app, output).await).await,
        Command::Act(act) => on(&change, async |app| act.run(app, output).await).await,
        Command::Export(export) => {
            let places = if export.changes() { &change } else { &look };
            export.run(places, output).await
        }
        Command::Forget(forget) => {
            let places = if forget.changes() { &change } else { &look };
            on(places, async |app| forget.run(app, output).await).await
        }
        Command::Import(import) => {
            let places = if import.changes() { &change } else { &look };
            on(places, async |app| import.run(app, output).await).await
        }
        Command::Person(person) => {
            let places = if person.changes() { &change } else { &look };
            on(places, async |app| person.run(app, output).await).await
        }
        Command::Register(register) => on(&look, async |app| register.run(app, output).await).await,
        Command::Reports(reports) => {
            let places = if reports.changes() { &change } else { &look };
            on(places, async |app| reports.run(app, output).await).await
        }
        Command::Recommendations(kept) => {
            let places = if kept.changes() { &change } else { &look };
            on(places, async |app| kept.run(app, output).await).await
        }
        Command::Rules(rules) => rules.run(&change, output).await,
        Command::Plugins(command) => command.run(&look, &change, output).await,
        Command::Deliveries(command) => {
            let places = if command.changes() { &change } else { &look };
            on(places, async |app| command.run(app, output).await).await
        }
        Command::Audit(command) => command.run(&look, &change, output).await,
        Command::User(command) => {
            let places = if command.changes() { &change } else { &look };
            on(places, async |app| command.run(app, output).await).await
        }
        Command::Token(command) => {
            let places = if command.changes() { &change } else { &look };
            on(places, async |app| command.run(app, output).await).await
        }
        Command::Clock(command) => on(&change, async |app| command.run(app, output).await).await,
        Command::Doctor => on(&look, async |app| doctor::run(app, output).await).await,
        Command::Backup(backup) => on(&change, async |app| backup.run(app, output).await).await,
        Command::Restore(restore) => restore.run(change, output).await,
        Command::Migrate(migrate) => migrate.run(&change, output).await,
        Command::Completions(completions) => completions.run(program(), output),
        Command::Manual(manual) => manual.run(program(), output),
    }
}

fn parse_clock(text: &str) -> Result<Moment, Failure> {
    let parsed = chrono::DateTime::parse_from_rfc3339(text);
    let wrong =
        |_| Failure::usage(format!("--clock {text} is not a moment; write it as 2026-11-22T09:00:00+01:00"));
    Ok(Moment::from_millis(parsed.map_err(wrong)?.timestamp_millis()))
}
