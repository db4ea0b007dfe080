//! `Via`: the route by which something comes.

use super::word_enum;

word_enum! {
    /// The route by which something came.
    Via("route") {
        /// A mail that was taken in.
        Mail = "mail",
        /// A command that a person gave.
        CommandLine = "command_line",
        /// The page, by somebody who is signed in.
        Page = "page",
        /// The interface, by a program in the name of a person.
        Api = "api",
        /// The link in a letter, by whoever has it.
        Letter = "letter",
        /// A rule or schedule of the ruleset.
        Rule = "rule",
        /// The program by itself: breaches, faults, alarms.
        Engine = "engine",
        /// The outcome of a delivery.
        Delivery = "delivery",
        /// A step of a scenario in `rules/tests/`.
        Scenario = "scenario",
    }
}
