//! The codes of errors (JSON-RPC 2.0, "Error object"; Language Server Protocol, "Response Message").

pub(super) const PARSE_ERROR: i32 = -32_700;
pub(super) const INVALID_REQUEST: i32 = -32_600;
pub(super) const METHOD_NOT_FOUND: i32 = -32_601;
pub(super) const INVALID_PARAMS: i32 = -32_602;
pub(super) const NOT_INITIALIZED: i32 = -32_002;
pub(super) const REQUEST_CANCELLED: i32 = -32_800;
pub(super) const REQUEST_FAILED: i32 = -32_803;
