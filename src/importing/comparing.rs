//! How names and words of a table are compared.

/// Returns a text as names are compared: small letters and figures alone, without accents.
pub(super) fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
