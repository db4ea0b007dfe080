//! How the cost of what people and the program do grows with the register: the same commands, and the same pages, on
//! registers of 1,000 complaints, 10,000 and so on.

use super::figures::{GROWTH, LARGE, PLACES, Place, SIZES, table, thousands, time};
use super::pages::{self, Looked};
use super::register::{Engine, Register};
use super::server::{Server, edit_rules};
use super::spend::Spent;
use redress::clock::{Clock, SystemClock};

/// Whether what was found goes into the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Into {
    Nowhere,
    Documents,
}

/// Prints a table with a column for each size up to `most`: time on the wall and peak memory of a whole process, its start
/// included. On SQLite also how long pages take.
pub async fn play(most: usize, engine: Engine, into: Into) {
    let write = |place: Place, table: &str| {
        println!("\n{}\n\n{table}", place.name);
        if into == Into::Documents {
            place.write(table);
        }
    };
    let [on_sqlite, on_postgres, of_pages] = PLACES;
    let (mut columns, mut looked) = (Vec::new(), Vec::new());
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        let register = Register::make(engine, size).await;
        let (column, seen) = measure(&register).await;
        columns.push((size, column));
        looked.extend(seen);
        register.remove().await;
    }
    match engine {
        Engine::Postgres => write(on_postgres, &growth(&columns, engine)),
        Engine::Sqlite => {
            write(on_sqlite, &growth(&columns, engine));
            looked.insert(0, pages::look_at_few().await);
            write(of_pages, &pages::table(&looked));
        }
    }
}

fn growth(columns: &[(usize, Vec<String>)], engine: Engine) -> String {
    let headings = [format!("on {}, complaints", engine.name())];
    let headings = headings.into_iter().chain(columns.iter().map(|(size, _)| thousands(*size)));
    let lines = GROWTH.iter().enumerate().map(|(i, name)| {
        let cells = columns.iter().map(|(_, column)| column[i].clone());
        ((*name).to_owned(), cells.collect())
    });
    table(&headings.collect::<Vec<_>>(), &lines.collect::<Vec<_>>())
}

/// Measures what the lines of the table are called after, in their order; and the pages, where the register is large and on
/// SQLite.
async fn measure(register: &Register) -> (Vec<String>, Option<Looked>) {
    let (year, all) = register.periods();
    let number = register.number.as_str();
    let consulted = ["act", number, "note_consultation", "--input", "consultation=Met de planner"];
    let action = [&consulted[..], &["--as", "behandelaar@lagant.nl"]].concat();
    let due = register.due.1.wall / register.due.0 as u32;
    let mut column = vec![
        spent(register.call(0, &["tick"])),
        format!("{}, {} MB", time(due), register.due.1.peak_kib / 1_024),
    ];
    let commands: [&[&str]; 7] = [
        &action,
        &["list"],
        &["show", number],
        &["search", "beamer"],
        &["register", "--csv"],
        &["reports", "show", &year],
        &["reports", "show", &all],
    ];
    column.extend(commands.iter().map(|command| spent(register.call(0, command))));
    let (before, after) = ("FIRST_REMINDER = days(14);", "FIRST_REMINDER = days(13);");
    edit_rules(&register.on, "00_terms.rhai", before, after);
    column.push(spent(register.call(0, &["rules", "plan"])));
    edit_rules(&register.on, "00_terms.rhai", after, before);
    register.becomes_real().await;
    let began = SystemClock.elapsed();
    let server = Server::start(&register.on);
    assert_eq!(server.browser().get("/sign-in").await.status, 200);
    let started = time(SystemClock.elapsed() - began);
    column.push(format!("{started}, {} MB", server.peak_kib() / 1_024));
    let (rows, all) = register.imported;
    let a_second = (rows as f64 / all.wall.as_secs_f64()).round() as usize;
    column.push(format!("{} rows/s, {} MB", thousands(a_second), all.peak_kib / 1_024));
    let (by_mail, imported) = register.bytes_each;
    column.push(format!("{:.1} kB; {} kB", imported as f64 / 1_000.0, by_mail / 1_000));
    let is_large = LARGE.contains(&register.complaints) && register.engine == Engine::Sqlite;
    let looked = if is_large { Some(pages::look(register, &server).await) } else { None };
    (column, looked)
}

fn spent(spent: Spent) -> String {
    format!("{}, {} MB", time(spent.wall), spent.peak_kib / 1_024)
}
