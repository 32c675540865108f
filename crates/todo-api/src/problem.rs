//! The body of every error, as programs see it: a problem document (RFC 9457).

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

/// Why a request failed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemDocument {
    /// Names the kind of problem, for programs; stays the same.
    #[serde(rename = "type")]
    #[schema(example = "urn:todo:problem:invalid-input")]
    pub(crate) kind: String,
    /// The kind of problem, for people.
    #[schema(example = "Invalid input")]
    pub(crate) title: Cow<'static, str>,
    /// The HTTP status.
    #[schema(example = 422, minimum = 400, maximum = 599)]
    pub(crate) status: u16,
    /// What to do about it.
    #[schema(example = "Correct the fields named in `errors` and send the request again.")]
    pub(crate) detail: Cow<'static, str>,
    /// Names this request in the server's log; also in the header `X-Request-Id`.
    #[schema(example = "019aa5f0-5d2c-7cc0-b1f4-3a1f5c9a7e11")]
    pub(crate) request_id: String,
    /// The fields that break a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<ProblemField>,
}

/// A field that breaks a rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemField {
    /// The field, as the client wrote it.
    #[schema(example = "title")]
    pub(crate) field: Cow<'static, str>,
    /// The rule, for programs; stays the same.
    #[schema(example = "too_long")]
    pub(crate) code: &'static str,
    /// The rule, for people, as the rest of a sentence that starts with the field.
    #[schema(example = "must have at most 200 characters")]
    pub(crate) message: String,
}
