//! What makes Redress a service: the container file and the unit of systemd name what is there, and the commands that they
//! start are ones that the program takes. Neither an engine nor systemd is needed.

use crate::support::repository;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// An instruction of the container file and its argument, with lines that go on joined.
fn instructions() -> Vec<(String, String)> {
    let text = read("packaging/Containerfile").replace("\\\n", " ");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parts =
        lines.map(|line| line.split_once(' ').unwrap_or_else(|| panic!("`{line}` is no instruction")));
    parts.map(|(name, argument)| (name.to_owned(), argument.trim().to_owned())).collect()
}

fn argument(of: &str) -> String {
    let found: Vec<String> =
        instructions().into_iter().filter(|(name, _)| name == of).map(|(_, argument)| argument).collect();
    found.last().cloned().unwrap_or_else(|| panic!("there is no {of}"))
}

/// What is left out of the build.
fn ignored() -> Vec<String> {
    let text = read(".containerignore");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.trim_matches('/').to_owned()).collect()
}

/// Runs the program as a package starts it, on folders of our own in place of the package's.
fn started(command: &[String], rest: &[&str], folder: &Path) -> Output {
    let [program, options @ ..] = command else { panic!("an empty command") };
    assert_eq!(program, "/usr/local/bin/redress");
    let place = |path: &String| match path.as_str() {
        "/etc/redress/redress.toml" => folder.join("redress.toml"),
        "/etc/redress/rules" => repository().join("rules"),
        "/etc/redress/plugins" => repository().join("plugins"),
        "/var/lib/redress" => folder.join("data"),
        other => PathBuf::from(other),
    };
    std::fs::write(folder.join("redress.toml"), "").unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_redress"));
    run.args(options.iter().map(place)).args(rest).current_dir(folder).output().unwrap()
}

fn assert_starts(command: &[String], rest: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let help = started(command, &[rest, &["--help"]].concat(), folder.path());
    assert!(help.status.success(), "{command:?}: {}", String::from_utf8_lossy(&help.stderr));
    // With the same options the program does its work, on nothing but the files of the package.
    let turned = started(command, &["tick"], folder.path());
    assert!(turned.status.success(), "{}", String::from_utf8_lossy(&turned.stderr));
    assert!(folder.path().join("data/redress.db").exists());
}

#[test]
fn the_container_is_built_from_what_is_there() {
    let (mut stages, mut workdir): (Vec<Option<String>>, String) = (Vec::new(), "/".to_owned());
    let (mut copied, mut built) = (BTreeSet::new(), BTreeSet::new());
    for (name, argument) in instructions() {
        match name.as_str() {
            "FROM" => {
                let words: Vec<&str> = argument.split_whitespace().collect();
                stages.push(words.iter().position(|w| *w == "AS").map(|at| words[at + 1].to_owned()));
                if let Some(version) = words[0].strip_prefix("docker.io/library/rust:") {
                    let channel = format!("channel = \"{}.", version.split('-').next().unwrap());
                    assert!(read("rust-toolchain.toml").contains(&channel), "the compiler is {version}");
                }
            }
            "WORKDIR" => workdir = argument,
            "RUN" if argument.contains("cargo build") => {
                assert!(argument.contains("--release") && argument.contains("--locked"), "{argument}");
                let (_, installs) = argument.split_once("packaging/install target/release/redress ").unwrap();
                assert_eq!(workdir, "/src");
                built.insert(installs.to_owned());
            }
            "COPY" => {
                let (from, rest) = match argument.strip_prefix("--from=") {
                    Some(rest) => rest.split_once(' ').map(|(from, rest)| (Some(from), rest)).unwrap(),
                    None => (None, argument.as_str()),
                };
                let words: Vec<&str> = rest.split_whitespace().collect();
                let (place, sources) = words.split_last().unwrap();
                for source in sources {
                    match from {
                        Some(stage) => {
                            let before = &stages[..stages.len() - 1];
                            assert!(before.contains(&Some(stage.to_owned())), "no stage {stage} before");
                            assert!(built.contains(*source), "nothing makes {source}: {built:?}");
                        }
                        None => {
                            assert!(repository().join(source).exists(), "{source} is not there");
                            assert!(!ignored().iter().any(|i| i == source), "{source} is left out");
                        }
                    }
                    copied.insert((*place).to_owned());
                }
            }
            _ => {}
        }
    }
    assert_eq!(stages, [Some("build".to_owned()), None]);
    let expected = [".", "/etc/redress/plugins", "/etc/redress/rules", "/usr/local/bin/redress"];
    assert_eq!(copied.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    // What the build reads is not left out of it, and what grows there is.
    let is_ignored = |name: &str| ignored().iter().any(|i| i == name);
    for needed in
        ["src", "migrations", "rules", "plugins", "src/Cargo.toml", "Cargo.toml", "Cargo.lock", "benches"]
    {
        assert!(repository().join(needed).exists() && !is_ignored(needed), "{needed}");
    }
    assert!(is_ignored("target") && is_ignored(".git"), "{:?}", ignored());
}

#[test]
fn the_container_starts_a_command_that_the_program_takes() {
    let entry: Vec<String> = serde_json::from_str(&argument("ENTRYPOINT")).unwrap();
    let command: Vec<String> = serde_json::from_str(&argument("CMD")).unwrap();
    assert_eq!(command, ["serve"]);
    assert_starts(&entry, &["serve"]);
    let has = |option: &str, place: &str| {
        let at = entry.iter().position(|word| word == option).unwrap();
        assert_eq!(entry[at + 1], place);
    };
    has("--data", &argument("VOLUME"));
    // Who runs it owns the data folder, and the port is the one that is listened on where nothing else is said.
    let user = argument("USER");
    let uid = user.split(':').next().unwrap();
    assert!(argument("RUN").contains(&format!("--uid {uid} ")), "{}", argument("RUN"));
    assert!(argument("RUN").contains("-o redress -g redress -m 0700 /var/lib/redress"));
    let settings = redress::config::Settings::parse("", "redress.toml").unwrap();
    assert_eq!(settings.listen.port().to_string(), argument("EXPOSE"));
    assert_eq!(argument("STOPSIGNAL"), "SIGTERM");
}

#[test]
fn the_unit_starts_a_command_that_the_program_takes() {
    let unit = read("packaging/redress.service");
    let value = |key: &str| {
        let mut lines = unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        lines.next_back().unwrap_or_else(|| panic!("there is no {key}")).to_owned()
    };
    let words: Vec<String> = value("ExecStart").split_whitespace().map(str::to_owned).collect();
    let (last, options) = words.split_last().unwrap();
    assert_eq!(last, "serve");
    assert_starts(options, &["serve"]);
    let state = format!("/var/lib/{}", value("StateDirectory"));
    assert!(options.windows(2).any(|pair| pair == ["--data", state.as_str()]), "{options:?}");
    assert_eq!((value("Type").as_str(), value("UMask").as_str()), ("notify", "0077"));
    assert!(value("ExecReload").starts_with("/bin/kill -HUP"));
}

/// The program is small where it is installed, and says beside which file its line tables are.
#[test]
fn what_is_installed_has_its_line_tables_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (built, installed) = (env!("CARGO_BIN_EXE_redress"), folder.path().join("redress"));
    let said =
        Command::new(repository().join("packaging/install")).arg(built).arg(&installed).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let says = |program: &Path| Command::new(program).arg("--version").output().unwrap();
    assert_eq!(says(&installed), says(Path::new(built)));
    let size = |file: &Path| std::fs::metadata(file).unwrap().len();
    assert!(size(&installed) * 2 < size(Path::new(built)), "{}", size(&installed));
    let link = b"redress.debug\0";
    assert!(std::fs::read(&installed).unwrap().windows(link.len()).any(|bytes| bytes == link));
    let names: BTreeSet<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["redress", "redress.debug"].map(Into::into).into());
}
