//! JSON of bodies: a request's is read once and judged in one place.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serializer};
use serde_json::error::Category;
use thiserror::Error;

use crate::error::ApiError;

/// The most bytes a body may have.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1024;
/// How long a client may take to send its body.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// A body cannot be used.
#[derive(Debug, Error)]
pub(crate) enum BodyError {
    /// The headers do not say that it is JSON as it is.
    #[error("the body is not declared as JSON")]
    NotJson,
    /// More than [`MAX_BODY_BYTES`].
    #[error("the body is too large")]
    TooLarge,
    /// More than [`BODY_DEADLINE`].
    #[error("the body did not arrive in time")]
    TooSlow,
    /// The connection or its encoding broke.
    #[error("the body could not be received")]
    Interrupted,
    /// Not JSON at all.
    #[error("{0}")]
    Broken(String),
    /// JSON, but a value has the wrong type; `message` says it in serde's words.
    #[error("{field}: {message}")]
    WrongType { field: Cow<'static, str>, message: String },
}

/// A JSON object of the request's body.
pub(crate) struct Json<T>(pub(crate) T);

/// Like [`Json`], where the body may be absent: no bytes at all.
pub(crate) struct OptionalJson<T>(pub(crate) Option<T>);

type BodyFuture<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = BodyFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let declared = declares_json(request);
        let body = receive(request, payload);
        Box::pin(async move {
            if !declared {
                return Err(BodyError::NotJson.into());
            }
            Ok(Self(parse(&body.await?)?))
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for OptionalJson<T> {
    type Error = ApiError;
    type Future = BodyFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let declared = declares_json(request);
        let body = receive(request, payload);
        Box::pin(async move {
            match body.await? {
                bytes if bytes.is_empty() => Ok(Self(None)),
                _ if !declared => Err(BodyError::NotJson.into()),
                bytes => Ok(Self(Some(parse(&bytes)?))),
            }
        })
    }
}

/// Whether the body's media type is `application/json` (RFC 8259, section 11), without an encoding
/// around it.
fn declares_json(request: &HttpRequest) -> bool {
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return false;
    }
    let value = request.headers().get(header::CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// The whole body, under the limits of size and time.
///
/// # Errors
/// [`BodyError::TooLarge`], [`BodyError::TooSlow`], [`BodyError::Interrupted`].
pub(crate) fn receive(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<web::Bytes, BodyError>> + use<> {
    let body = web::Bytes::from_request(request, payload);
    async {
        match tokio::time::timeout(BODY_DEADLINE, body).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(match error.as_error::<PayloadError>() {
                Some(PayloadError::Overflow) => BodyError::TooLarge,
                _ => BodyError::Interrupted,
            }),
            Err(_) => Err(BodyError::TooSlow),
        }
    }
}

/// Writes a value as the text that shows it.
///
/// # Errors
/// The serialiser's.
pub(crate) fn as_text<T: fmt::Display, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BodyError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize::<_, Object<T>>(&mut json);
    let Object(value) = parsed.map_err(|error| {
        let path = error.path().to_string();
        match error.inner().classify() {
            Category::Data => BodyError::WrongType {
                field: if path == "." { "body".into() } else { path.into() },
                message: error.inner().to_string(),
            },
            _ => BodyError::Broken(error.inner().to_string()),
        }
    })?;
    json.end().map_err(|error| BodyError::Broken(error.to_string()))?;
    Ok(value)
}

/// A `T` that is written as a JSON object. Of itself a derived struct would also be read from an
/// array, field by field.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// Reads a field that may be absent but not `null`, with `#[serde(default)]` beside it.
///
/// # Errors
/// The deserializer's, for `null` too.
pub(crate) fn not_null<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Reads a field in which absent and `null` differ, with `#[serde(default)]` beside it: `None` and
/// `Some(None)`.
///
/// # Errors
/// The deserializer's.
pub(crate) fn absent_or_null<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Body {
        #[serde(default, deserialize_with = "not_null")]
        title: Option<String>,
        #[serde(default, deserialize_with = "absent_or_null")]
        note: Option<Option<String>>,
    }

    fn wrong_field(text: &str) -> String {
        match parse::<Body>(text.as_bytes()) {
            Err(BodyError::WrongType { field, .. }) => field.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn absent_and_null_are_told_apart() {
        let body = |text: &str| parse::<Body>(text.as_bytes()).unwrap();
        assert_eq!(body("{}"), Body { title: None, note: None });
        assert_eq!(body(r#"{"note": null, "x": 1}"#), Body { title: None, note: Some(None) });
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named_by_its_field() {
        assert_eq!(wrong_field(r#"{"title": null}"#), "title");
        assert_eq!(wrong_field(r#"{"title": "x", "note": 5}"#), "note");
    }

    #[test]
    fn only_an_object_is_taken() {
        for text in ["[]", r#"["a", "b"]"#, "null", "1", r#""text""#] {
            assert_eq!(wrong_field(text), "body", "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_broken() {
        for text in ["", "{", "{}{}", "{'a': 1}", r#"{"title": "\ud800"}"#, "\u{feff}{}"] {
            let parsed = parse::<Body>(text.as_bytes());
            assert!(matches!(parsed, Err(BodyError::Broken(_))), "{text:?}: {parsed:?}");
        }
    }
}
