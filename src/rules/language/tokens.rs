//! `Tokens`: the words of a file as the parser takes them: without comments, spaces and places. The same statement
//! on another line is the same statement.

use rhai::{Engine, Position, Token};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The tokens of the file that an engine parsed last.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct Tokens(Arc<Mutex<Vec<(Token, Position)>>>);

impl Tokens {
    /// Makes an engine keep the tokens that it parses.
    pub fn kept_by(engine: &mut Engine) -> Self {
        let tokens = Self::default();
        let kept = tokens.clone();
        #[expect(deprecated, reason = "Rhai's mark for an API that may change; the version is pinned")]
        engine.on_parse_token(move |token, position, _| {
            kept.lock().push((token.clone(), position));
            token
        });
        tokens
    }

    /// Forgets the file before.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Returns the tokens of the statement that begins at a position, to the end of its block, but for its name.
    pub fn of_statement(&self, start: Position) -> String {
        let tokens = self.lock();
        let from = tokens.iter().position(|(_, at)| *at == start).unwrap_or(tokens.len());
        let mut text = String::new();
        let mut depth = 0_u32;
        let mut is_in_block = false;
        let mut before = String::new();
        // The keyword is the kind of statement; the name follows it.
        for (token, _) in tokens.iter().skip(from + 2) {
            let word = format!("{token:?}");
            match token {
                Token::LeftBrace | Token::MapStart => {
                    is_in_block |= depth == 0 && before.contains("\"then\"");
                    depth += 1;
                }
                Token::RightBrace => depth = depth.saturating_sub(1),
                _ => {}
            }
            text.push_str(&word);
            text.push(' ');
            if is_in_block && depth == 0 {
                break;
            }
            before = word;
        }
        text
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Token, Position)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
