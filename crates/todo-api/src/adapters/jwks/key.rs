//! A public key, bound to the one algorithm that it is for.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    RsaPublicKeyComponents, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The bits of an RSA modulus that are enough (RFC 7518, section 3.3) and not too many.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;
/// The first byte of a point of a curve that is written with both coordinates (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// A signature with a pair of keys (RFC 7518, section 3.1, and RFC 8037, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    EdDsa,
    Es256,
    Es384,
    Es512,
    Ps256,
    Rs256,
}

impl Algorithm {
    /// Every one that is supported.
    pub(crate) const ALL: [Self; 6] =
        [Self::EdDsa, Self::Es256, Self::Es384, Self::Es512, Self::Ps256, Self::Rs256];

    /// The algorithm that `alg` names.
    pub(crate) fn parse(alg: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == alg)
    }

    /// What `alg` calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Ps256 => "PS256",
            Self::Rs256 => "RS256",
        }
    }
}

/// What is read of a published key (RFC 7517, section 4). A private part that stands there by mistake
/// is not.
#[derive(Deserialize)]
pub(super) struct Jwk {
    kid: Option<String>,
    kty: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl Jwk {
    /// The key and its id, if it can be used.
    pub(super) fn into_key(self) -> Option<(String, Key)> {
        let is_for_signatures = self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !is_for_signatures {
            return None;
        }
        let algorithm = self.algorithm()?;
        let public_key = match algorithm {
            Algorithm::EdDsa => self.edwards()?,
            Algorithm::Es256 => self.point(&ECDSA_P256_SHA256_FIXED, 32)?,
            Algorithm::Es384 => self.point(&ECDSA_P384_SHA384_FIXED, 48)?,
            Algorithm::Es512 => self.point(&ECDSA_P521_SHA512_FIXED, 66)?,
            Algorithm::Ps256 => self.rsa(&RSA_PSS_2048_8192_SHA256)?,
            Algorithm::Rs256 => self.rsa(&RSA_PKCS1_2048_8192_SHA256)?,
        };
        Some((self.kid?, Key { algorithm, public_key }))
    }

    /// The algorithm that the key's type leads to. What `alg` says may choose between the two of RSA
    /// and must not contradict the type.
    fn algorithm(&self) -> Option<Algorithm> {
        let of_type: &[Algorithm] = match (self.kty.as_str(), self.crv.as_deref()) {
            ("OKP", Some("Ed25519")) => &[Algorithm::EdDsa],
            ("EC", Some("P-256")) => &[Algorithm::Es256],
            ("EC", Some("P-384")) => &[Algorithm::Es384],
            ("EC", Some("P-521")) => &[Algorithm::Es512],
            ("RSA", _) => &[Algorithm::Rs256, Algorithm::Ps256],
            _ => &[],
        };
        match &self.alg {
            Some(alg) => Algorithm::parse(alg).filter(|algorithm| of_type.contains(algorithm)),
            None => of_type.first().copied(),
        }
    }

    /// RFC 8037, section 2.
    fn edwards(&self) -> Option<ParsedPublicKey> {
        let x = bytes(self.x.as_ref())?;
        if x.len() != 32 {
            return None;
        }
        ParsedPublicKey::new(&ED25519, x).ok()
    }

    /// RFC 7518, section 6.2.1: each coordinate has the full `size` of the curve's field.
    fn point(
        &self,
        algorithm: &'static dyn VerificationAlgorithm,
        size: usize,
    ) -> Option<ParsedPublicKey> {
        let (x, y) = (bytes(self.x.as_ref())?, bytes(self.y.as_ref())?);
        if x.len() != size || y.len() != size {
            return None;
        }
        ParsedPublicKey::new(algorithm, [&[UNCOMPRESSED], x.as_slice(), &y].concat()).ok()
    }

    /// RFC 7518, section 6.3.1.
    fn rsa(&self, algorithm: &'static RsaParameters) -> Option<ParsedPublicKey> {
        let (n, e) = (number(self.n.as_ref())?, number(self.e.as_ref())?);
        let bits = n.len() * 8 - n.first()?.leading_zeros() as usize;
        if !RSA_BITS.contains(&bits) {
            return None;
        }
        RsaPublicKeyComponents { n, e }.to_parsed_public_key(algorithm).ok()
    }
}

fn bytes(parameter: Option<&String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(parameter?).ok()
}

/// The bytes of a number. Some issuers write a zero before it (RFC 7518, section 6.3.1.1).
fn number(parameter: Option<&String>) -> Option<Vec<u8>> {
    Some(bytes(parameter)?.into_iter().skip_while(|byte| *byte == 0).collect())
}

/// A public key of an issuer.
#[derive(Debug)]
pub(super) struct Key {
    /// The one algorithm that it is for.
    pub(super) algorithm: Algorithm,
    public_key: ParsedPublicKey,
}

impl Key {
    /// Whether `signature` is the signature of `message` by the other half of this key.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public_key.verify_sig(message, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(jwk: Value) -> Option<Key> {
        let (_, key) = serde_json::from_value::<Jwk>(jwk).ok()?.into_key()?;
        Some(key)
    }

    /// A key of RSA whose modulus is these bytes.
    fn rsa(n: &[u8]) -> Option<Key> {
        let n = URL_SAFE_NO_PAD.encode(n);
        read(json!({"kty": "RSA", "kid": "a", "n": n, "e": "AQAB"}))
    }

    #[test]
    fn the_example_of_rfc_8037_holds() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let key = read(json!({"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": x})).unwrap();
        assert_eq!(key.algorithm, Algorithm::EdDsa);
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt\
                         9g7sVvpAr_MuM0KAg";
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(key.has_signed(message, &signature));
        assert!(!key.has_signed(b"another message", &signature));
    }

    #[test]
    fn a_modulus_has_at_least_2048_bits_and_a_zero_before_it_is_none() {
        let bits_2047 = [&[0x7f], [0xff; 255].as_slice()].concat();
        let with_zero = [&[0], [0xff; 256].as_slice()].concat();
        assert!(rsa(&[0xff; 128]).is_none());
        assert!(rsa(&bits_2047).is_none());
        assert!(rsa(&[0; 256]).is_none());
        assert!(rsa(&[0xff; 1_025]).is_none());
        assert_eq!(rsa(&[0xff; 256]).unwrap().algorithm, Algorithm::Rs256);
        assert!(rsa(&with_zero).is_some());
    }

    #[test]
    fn what_is_not_for_verifying_signatures_is_no_key() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let with = |name: &str, value: Value| {
            let mut jwk = json!({"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": x});
            jwk[name] = value;
            read(jwk).is_some()
        };
        assert!(with("use", json!("sig")) && with("key_ops", json!(["verify"])));
        assert!(with("d", json!("a private part")) && with("x5c", json!([])));
        assert!(!with("use", json!("enc")) && !with("key_ops", json!([])));
        assert!(!with("kty", json!("EC")) && !with("crv", json!("X25519")));
    }
}
