//! The keys of an issuer (RFC 7517, section 5).

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::key::{Algorithm, Jwk, Key};

/// The keys that can be used, by their ids.
#[derive(Debug)]
pub(super) struct KeySet {
    keys: HashMap<String, Arc<Key>>,
    /// How many keys could not be used.
    pub(super) skipped: usize,
}

/// The set as it is published. What a key holds is looked at one by one, so that a key that cannot
/// be used does not keep the others from being so.
#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a key set; `None` if it is none. A key that is broken, of a kind that is not supported,
    /// without an id, or not for signatures is skipped; of two with one id the first counts.
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        let published: Published = serde_json::from_slice(json).ok()?;
        let count = published.keys.len();
        let mut keys = HashMap::new();
        for key in published.keys {
            let jwk = serde_json::from_value::<Jwk>(key).ok();
            if let Some((id, key)) = jwk.and_then(Jwk::into_key) {
                keys.entry(id).or_insert_with(|| Arc::new(key));
            }
        }
        let skipped = count - keys.len();
        Some(Self { keys, skipped })
    }

    /// The key with this id.
    pub(super) fn find(&self, id: &str) -> Option<Arc<Key>> {
        self.keys.get(id).cloned()
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The ids of the keys, each with its algorithm, in alphabetical order.
    pub(super) fn list(&self) -> Vec<(String, Algorithm)> {
        let mut list: Vec<_> =
            self.keys.iter().map(|(id, key)| (id.clone(), key.algorithm)).collect();
        list.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        list
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn ids(set: &Value) -> Vec<String> {
        let set = KeySet::read(set.to_string().as_bytes()).unwrap();
        set.list().into_iter().map(|(id, _)| id).collect()
    }

    /// The key of RFC 8037, appendix A.2.
    fn ed25519(id: &str) -> Value {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": id})
    }

    #[test]
    fn a_key_that_cannot_be_used_does_not_keep_the_others_from_being_so() {
        let broken = [json!(7), json!({}), json!({"kty": "oct", "k": "AA", "kid": "secret"})];
        let keys = broken.into_iter().chain([ed25519("good")]).collect::<Vec<_>>();
        assert_eq!(ids(&json!({"keys": keys})), ["good"]);
    }

    #[test]
    fn of_two_keys_with_one_id_the_first_counts() {
        let encryption = json!({"use": "enc", "kty": "OKP", "kid": "a"});
        assert_eq!(ids(&json!({"keys": [encryption, ed25519("a"), ed25519("a")]})), ["a"]);
    }

    #[test]
    fn what_is_no_key_set_is_not_read_as_an_empty_one() {
        for text in ["", "<html>", "{}", "[]", r#"{"keys": {}}"#, r#"{"keys": null}"#] {
            assert!(KeySet::read(text.as_bytes()).is_none(), "{text}");
        }
        assert_eq!(ids(&json!({"keys": []})), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_key_set_or_refused_and_never_break(bytes in any::<Vec<u8>>()) {
            let _ = KeySet::read(&bytes);
        }
    }
}
