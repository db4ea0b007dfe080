//! The only source of randomness: salts, keys and jitter.

/// Returns `N` unpredictable bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::disallowed_methods, reason = "the only reader of the system's randomness")]
    let outcome = getrandom::fill(&mut bytes);
    outcome.expect("the operating system gives random bytes");
    bytes
}

/// Returns `N` unpredictable bytes in hexadecimal, two lower-case digits each.
pub fn hex<const N: usize>() -> String {
    bytes::<N>().iter().map(|b| format!("{b:02x}")).collect()
}

/// Returns a fraction from 0 up to, but without, 1.
pub fn fraction() -> f64 {
    f64::from(u32::from_be_bytes(bytes())) / (f64::from(u32::MAX) + 1.0)
}
