//! The pages, a file each: each reads what was asked, gets from `workflow` what to show or has it act, and fills a template.

pub(super) mod action;
pub(super) mod audit_pack;
pub(super) mod auditing;
pub(super) mod bulk;
pub(super) mod calendar;
pub(super) mod complaint;
pub(super) mod decisions;
pub(super) mod dossier;
pub(super) mod forgotten;
pub(super) mod import;
pub(super) mod intake;
pub(super) mod keys;
pub(super) mod letters;
pub(super) mod mail;
pub(super) mod me;
pub(super) mod oversight;
pub(super) mod people;
pub(super) mod recommendations;
pub(super) mod register;
pub(super) mod reports;
pub(super) mod search;
pub(super) mod second_factor;
pub(super) mod sign_in;
pub(super) mod survey;
pub(super) mod views;
pub(super) mod welcome;
pub(super) mod why;
pub(super) mod work;
pub(super) mod workbook;

pub(super) use complaint::{is_reference, seen};
pub(super) use register::{PART, day, place as place_of, place_text};
pub(super) use search::{place as search_place, place_text as search_place_text};
pub(super) use work::{place as term_place, place_text as term_place_text};
pub(super) mod workbench;
