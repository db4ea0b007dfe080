//! `Via`: the door through which something comes.

use super::word_enum;

word_enum! {
    /// The door through which something came.
    Via("door") {
        Mail = "mail",
        CommandLine = "command_line",
        Rule = "rule",
        Engine = "engine",
        Delivery = "delivery",
        Scenario = "scenario",
    }
}
