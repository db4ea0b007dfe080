//! `Qr`: a text as a square that a telephone reads, as the path of an SVG.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// The white border that readers need, in modules (ISO/IEC 18004, 9.1).
const BORDER: i32 = 4;

/// A square of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Qr {
    /// The length of a side, in modules.
    pub size: i32,
    /// The dark modules, as the path of an SVG.
    pub path: String,
}

impl Qr {
    /// Draws a text; none that is longer than a square holds.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                let _ = write!(path, "M{},{}h1v1h-1z", x + BORDER, y + BORDER);
            }
        }
        Some(Self { size: code.size() + 2 * BORDER, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_has_its_three_corners_and_a_border() {
        let qr = Qr::of("otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQ").expect("it fits");
        assert!(qr.path.starts_with("M4,4h1v1h-1z"), "the corner at the upper left");
        let right = qr.size - BORDER - 1;
        assert!(qr.path.contains(&format!("M{right},4h")) && qr.path.contains(&format!("M4,{right}h")));
        assert!(!qr.path.contains("M3,") && !qr.path.contains(&format!("M{},", right + 1)));
        assert_eq!(Qr::of(&"x".repeat(5_000)), None);
    }
}
