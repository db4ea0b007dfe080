# What one does here, by name. `just` lists it.

default:
    @just --list

# what must be green, as CI runs it
ci:
    .ci/checks

# the tests whose names hold a text: just test citations::
test *names:
    cargo test {{names}}

# format, and the lints
fmt:
    cargo fmt --all
    cargo clippy --all-targets -- -D warnings

# the figures that ARCHITECTURE.md quotes: ratios, or `just bench e2e 4000`, the real program on so many mails
bench what="ratios" *arguments:
    cargo bench --bench {{what}} -- {{arguments}}

# what everything costs on registers of 1,000 complaints to N, written into README.md and ARCHITECTURE.md: an hour or two for a million,
# and 10 GB of disk; on PostgreSQL where REDRESS_TEST_POSTGRES names a server
growth complaints="1000000":
    cargo bench --bench e2e -- {{complaints}} growth documents
    test -z "${REDRESS_TEST_POSTGRES:-}" || cargo bench --bench e2e -- {{complaints}} growth postgres documents

# the properties at length: wake-ups, publications, and random lives of the shipped procedure
long cases="20000" publications="10000":
    REDRESS_WAKE_CASES={{cases}} cargo test --release wake_test
    REDRESS_PLAN_CASES={{publications}} cargo test --release plan_test -- --nocapture
    REDRESS_PROCEDURE_CASES=2000 cargo test --release procedure_test

# each fuzz target for so many seconds, from a seed of its own
fuzz seconds="300":
    REDRESS_FUZZ_SECONDS={{seconds}} cargo test --test it fuzz:: -- --nocapture --test-threads 2

# the text of mails, ours and those of other projects, against what Python reads of them; needs the network once
foreign-mail:
    .ci/foreign-mail target/foreign-mail
    REDRESS_TEST_PYTHON=python3 REDRESS_FOREIGN_MAIL=target/foreign-mail cargo test --test it foreign:: -- --nocapture

# servers killed under load, so often: nothing is lost, doubled or sent unrecorded
crash kills="1000":
    REDRESS_KILLS={{kills}} cargo test --test it crash:: -- --nocapture

# the shipped rules: sound, and as their scenarios say
rules:
    cargo run --release -- rules check
    cargo run --release -- rules test

# known vulnerabilities as of now; needs the network. The file that CI reads is written anew.
advisories:
    rm -rf target/advisory-db && git clone --depth 1 https://github.com/rustsec/advisory-db target/advisory-db
    REDRESS_ADVISORIES=target/advisory-db UPDATE_ADVISORIES=1 cargo test --test it security::advisories -- --nocapture
