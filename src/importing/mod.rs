//! An earlier register, as a company brings it: tables are read, columns understood, and each row becomes the facts of a
//! complaint or is refused with its reason. Knows nothing of the store; nothing is guessed that is not shown.

mod book;
mod comparing;
mod day;
mod mapping;
mod opened;
mod plain;
mod table;
mod target;
mod understand;
mod values;

pub use day::{DayMistake, Order, parse_day};
pub use mapping::{Mapping, MappingMistake, Understood, UnderstoodColumn, Why};
pub use opened::{Opened, open};
pub use table::{Cell, Form, Line, MOST_BYTES, Unreadable};
pub use target::Target;
pub use understand::{CellTrouble, Keys, Register, Row};
