//! An earlier register, as a company brings it: tables are read, columns understood, and each row becomes the facts of a
//! complaint or is refused with its reason. Knows nothing of the store; nothing is guessed that is not shown.

mod book;
mod day;
mod mapping;
mod plain;
mod table;
mod target;
mod understand;

pub use day::{DayMistake, Order, parse_day};
pub use mapping::{Mapping, MappingMistake, Understood, UnderstoodColumn, Why};
pub use table::{Cell, Form, Line, MOST_BYTES, Opened, Unreadable, open};
pub use target::Target;
pub use understand::{CellTrouble, Keys, Register, Row};
