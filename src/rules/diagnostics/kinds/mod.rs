//! The kinds, a file each. A new one is a file, its `mod`, and its line in the list.
//!
//! Codes: R0 the folder, R1 how a script is written, R2 names, R3 words and values, R4 messages, R5 the declared names,
//! R6 scenarios and clauses, R7 what loads and is probably not meant.

use super::DiagnosticKind;

pub mod accented_name;
pub mod action_id;
pub mod always_holds;
pub mod answer_missing;
pub mod answers_in_rule;
pub mod argument_count;
pub mod argument_kind;
pub mod assigned_kind;
pub mod bare_call;
pub mod bare_date;
pub mod bare_then;
pub mod bare_time;
pub mod block_not_closed;
pub mod clause_name;
pub mod clause_order;
pub mod clause_twice;
pub mod clause_word;
pub mod colon_for_equals;
pub mod comparison_as_effect;
pub mod computed_name;
pub mod dangling_operator;
pub mod day_as_sum;
pub mod decimal_comma;
pub mod declarations;
pub mod defined_twice;
pub mod digest_times;
pub mod effect_in_condition;
pub mod element_assigned;
pub mod element_field_assigned;
pub mod else_if;
pub mod fixed_field;
pub mod fixed_name;
pub mod follows_from_before;
pub mod foreign_comment;
pub mod free_text_in_condition;
pub mod front_matter;
pub mod gathered_letter;
pub mod group_to_outsider;
pub mod half_comparison;
pub mod included_alternative;
pub mod invisible_character;
pub mod it_without_for;
pub mod map_sign;
pub mod may_be_empty;
pub mod message_language;
pub mod message_may_be_empty;
pub mod message_template;
pub mod message_too_much;
pub mod method_of_another_kind;
pub mod missing_clause;
pub mod missing_comma;
pub mod missing_part;
pub mod missing_quotes;
pub mod missing_semicolon;
pub mod name_in_use;
pub mod nameless;
pub mod neither_true_nor_false;
pub mod never_armed;
pub mod never_entered;
pub mod never_equal;
pub mod never_holds;
pub mod never_met;
pub mod never_sent;
pub mod no_address;
pub mod no_complaint;
pub mod no_list;
pub mod no_meaning;
pub mod no_procedure;
pub mod no_rules;
pub mod no_span;
pub mod no_such_part;
pub mod nobody_alarmed;
pub mod not_a_number;
pub mod not_asked;
pub mod not_in_messages;
pub mod nothing_asked;
pub mod nothing_open;
pub mod one_equals;
pub mod only_compared;
pub mod operator_in_words;
pub mod other_operator;
pub mod other_word;
pub mod outside_statement;
pub mod parameter_value;
pub mod percent;
pub mod question_outside_asks;
pub mod questions_map;
pub mod quotes_in_text;
pub mod refusal_in_rule;
pub mod roles_list;
pub mod same_name;
pub mod scenario_among_rules;
pub mod scenario_organisation;
pub mod schedule_time;
pub mod schedule_word;
pub mod single_brace;
pub mod single_for_list;
pub mod single_quotes;
pub mod statement_word;
pub mod stray_in_scenarios;
pub mod stray_sign;
pub mod stray_statement;
pub mod surplus_bracket;
pub mod survey_unasked;
pub mod syntax;
pub mod term_bound;
pub mod term_out_of_bounds;
pub mod text_over_lines;
pub mod time_of_day;
pub mod too_large;
pub mod typographic_quotes;
pub mod typographic_sign;
pub mod unarmed_condition;
pub mod unclosed_bracket;
pub mod unclosed_comment;
pub mod unclosed_text;
pub mod undeclared;
pub mod undeclared_group;
pub mod undeclared_in_procedure;
pub mod unfilled_role;
pub mod unit_after_number;
pub mod unit_missing;
pub mod unknown_block;
pub mod unknown_field;
pub mod unknown_filter;
pub mod unknown_function;
pub mod unknown_key;
pub mod unknown_name;
pub mod unknown_person;
pub mod unknown_placeholder;
pub mod unknown_term;
pub mod unknown_test;
pub mod unknown_variable;
pub mod unlike_heads;
pub mod unlike_languages;
pub mod unquoted_name;
pub mod unquoted_value;
pub mod unreadable;
pub mod unseen_state;
pub mod unused_flag;
pub mod unused_parameter;
pub mod unused_part;
pub mod unworded;
pub mod variable_out_of_reach;
pub mod whole_shown;
pub mod wrong_filter;

/// Every kind, by code.
pub static ALL: &[&DiagnosticKind] = &[
    &no_rules::KIND,
    &unreadable::KIND,
    &too_large::KIND,
    &no_procedure::KIND,
    &syntax::KIND,
    &stray_statement::KIND,
    &scenario_among_rules::KIND,
    &nameless::KIND,
    &schedule_time::KIND,
    &typographic_quotes::KIND,
    &single_quotes::KIND,
    &invisible_character::KIND,
    &typographic_sign::KIND,
    &foreign_comment::KIND,
    &unclosed_text::KIND,
    &unclosed_comment::KIND,
    &statement_word::KIND,
    &clause_word::KIND,
    &missing_clause::KIND,
    &clause_order::KIND,
    &unclosed_bracket::KIND,
    &surplus_bracket::KIND,
    &bare_then::KIND,
    &one_equals::KIND,
    &other_operator::KIND,
    &operator_in_words::KIND,
    &missing_comma::KIND,
    &bare_call::KIND,
    &missing_semicolon::KIND,
    &stray_sign::KIND,
    &bare_date::KIND,
    &bare_time::KIND,
    &decimal_comma::KIND,
    &percent::KIND,
    &unit_after_number::KIND,
    &other_word::KIND,
    &else_if::KIND,
    &comparison_as_effect::KIND,
    &unquoted_name::KIND,
    &action_id::KIND,
    &outside_statement::KIND,
    &missing_quotes::KIND,
    &quotes_in_text::KIND,
    &text_over_lines::KIND,
    &dangling_operator::KIND,
    &half_comparison::KIND,
    &map_sign::KIND,
    &unknown_name::KIND,
    &unknown_function::KIND,
    &unknown_variable::KIND,
    &unknown_field::KIND,
    &undeclared::KIND,
    &not_asked::KIND,
    &unknown_key::KIND,
    &same_name::KIND,
    &defined_twice::KIND,
    &name_in_use::KIND,
    &computed_name::KIND,
    &variable_out_of_reach::KIND,
    &it_without_for::KIND,
    &nothing_asked::KIND,
    &no_such_part::KIND,
    &argument_count::KIND,
    &argument_kind::KIND,
    &effect_in_condition::KIND,
    &refusal_in_rule::KIND,
    &answers_in_rule::KIND,
    &no_complaint::KIND,
    &question_outside_asks::KIND,
    &schedule_word::KIND,
    &time_of_day::KIND,
    &assigned_kind::KIND,
    &fixed_field::KIND,
    &fixed_name::KIND,
    &element_assigned::KIND,
    &never_equal::KIND,
    &roles_list::KIND,
    &questions_map::KIND,
    &parameter_value::KIND,
    &unit_missing::KIND,
    &day_as_sum::KIND,
    &no_meaning::KIND,
    &only_compared::KIND,
    &neither_true_nor_false::KIND,
    &no_list::KIND,
    &no_span::KIND,
    &free_text_in_condition::KIND,
    &method_of_another_kind::KIND,
    &element_field_assigned::KIND,
    &no_address::KIND,
    &answer_missing::KIND,
    &group_to_outsider::KIND,
    &message_language::KIND,
    &message_template::KIND,
    &message_may_be_empty::KIND,
    &front_matter::KIND,
    &single_brace::KIND,
    &block_not_closed::KIND,
    &unknown_placeholder::KIND,
    &unknown_filter::KIND,
    &wrong_filter::KIND,
    &whole_shown::KIND,
    &nothing_open::KIND,
    &unknown_block::KIND,
    &not_in_messages::KIND,
    &message_too_much::KIND,
    &unknown_test::KIND,
    &not_a_number::KIND,
    &gathered_letter::KIND,
    &unlike_heads::KIND,
    &undeclared_group::KIND,
    &missing_part::KIND,
    &declarations::KIND,
    &undeclared_in_procedure::KIND,
    &nobody_alarmed::KIND,
    &unquoted_value::KIND,
    &accented_name::KIND,
    &colon_for_equals::KIND,
    &single_for_list::KIND,
    &digest_times::KIND,
    &scenario_organisation::KIND,
    &unknown_term::KIND,
    &term_bound::KIND,
    &term_out_of_bounds::KIND,
    &stray_in_scenarios::KIND,
    &clause_twice::KIND,
    &clause_name::KIND,
    &never_entered::KIND,
    &never_armed::KIND,
    &never_met::KIND,
    &never_sent::KIND,
    &unused_parameter::KIND,
    &unused_flag::KIND,
    &never_holds::KIND,
    &unarmed_condition::KIND,
    &unknown_person::KIND,
    &unseen_state::KIND,
    &always_holds::KIND,
    &follows_from_before::KIND,
    &included_alternative::KIND,
    &may_be_empty::KIND,
    &unworded::KIND,
    &unlike_languages::KIND,
    &unfilled_role::KIND,
    &unused_part::KIND,
    &survey_unasked::KIND,
];

/// Codes of kinds that are gone. They are not given to another.
pub const RETIRED: &[&str] = &[];

/// Returns the kind of a code or slug, in capitals or not.
pub fn find(name: &str) -> Option<&'static DiagnosticKind> {
    ALL.iter().copied().find(|k| k.code.eq_ignore_ascii_case(name) || k.slug.eq_ignore_ascii_case(name))
}
