//! An issuer of tokens with keys of its own, on this machine: it signs, and publishes its keys.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};

use actix_web::dev::ServerHandle;
use actix_web::http::header::LOCATION;
use actix_web::{App, HttpResponse, HttpServer, web};
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaSignatureEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::sync::watch;

/// The algorithms that the service takes.
pub(crate) const ALGORITHMS: [&str; 6] = ["EdDSA", "ES256", "ES384", "ES512", "PS256", "RS256"];

/// Where Better Auth publishes its keys.
const PATH: &str = "/api/auth/jwks";

/// What the issuer answers when it is asked for its keys.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Keys(Vec<Value>),
    /// This text.
    Text(String),
    /// Nothing, until it is told to answer something else.
    Nothing,
    /// A fault of its own.
    Fault,
    /// That the keys are elsewhere.
    Redirect(String),
}

/// An issuer that listens on a port of its own.
pub(crate) struct Issuer {
    /// Its address, which is what its tokens say of it.
    pub(crate) origin: String,
    answer: watch::Sender<Answer>,
    fetches: Arc<watch::Sender<usize>>,
    server: ServerHandle,
}

impl Issuer {
    /// An issuer that publishes these keys.
    pub(crate) fn start(keys: &[&Key]) -> Self {
        let (answer, shown) = watch::channel(keys_of(keys));
        let fetches = Arc::new(watch::Sender::new(0));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let server = serve(listener, shown, fetches.clone());
        Self { origin, answer, fetches, server }
    }

    /// The flag that leads the service to the issuer's keys.
    pub(crate) fn flag(&self) -> String {
        format!("--jwks-url={}", self.url())
    }

    /// Where its keys are.
    pub(crate) fn url(&self) -> String {
        format!("{}{PATH}", self.origin)
    }

    /// From now on it answers like this.
    pub(crate) fn answer(&self, answer: Answer) {
        self.answer.send_replace(answer);
    }

    /// From now on it publishes these keys.
    pub(crate) fn publish(&self, keys: &[&Key]) {
        self.answer(keys_of(keys));
    }

    /// How often it was asked for its keys.
    pub(crate) fn fetches(&self) -> usize {
        *self.fetches.borrow()
    }

    /// Waits until it has been asked for its keys this often.
    pub(crate) async fn was_asked(&self, times: usize) {
        let mut fetches = self.fetches.subscribe();
        fetches.wait_for(|fetches| *fetches >= times).await.expect("an issuer");
    }

    /// Closes its port.
    pub(crate) async fn stop(&self) {
        self.server.stop(false).await;
    }

    /// The claims of its user with this id, as Better Auth writes them: they hold for 15 minutes
    /// from `now`.
    pub(crate) fn claims(&self, user_id: &str, now: i64) -> Value {
        json!({
            "iat": now,
            "name": "Grace Hopper",
            "email": format!("{user_id}@issuer.example").to_lowercase(),
            "emailVerified": false,
            "image": null,
            "createdAt": "2026-11-21T07:06:05.000Z",
            "updatedAt": "2026-11-21T07:06:05.000Z",
            "id": user_id,
            "sub": user_id,
            "exp": now + 900,
            "iss": self.origin,
            "aud": self.origin,
        })
    }
}

/// Serves on a thread of its own, so that it answers while a test waits for a process.
fn serve(
    listener: TcpListener,
    shown: watch::Receiver<Answer>,
    counted: Arc<watch::Sender<usize>>,
) -> ServerHandle {
    let (sender, handle) = mpsc::channel();
    let publish = move || {
        counted.send_modify(|fetches| *fetches += 1);
        respond(shown.clone())
    };
    let run = async move {
        let app = move || App::new().default_service(web::to(publish.clone()));
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener);
        let server = server.expect("a server").run();
        drop(sender.send(server.handle()));
        server.await
    };
    std::thread::spawn(move || actix_web::rt::System::new().block_on(run));
    handle.recv().expect("a running server")
}

fn keys_of(keys: &[&Key]) -> Answer {
    Answer::Keys(keys.iter().map(|key| key.jwk.clone()).collect())
}

async fn respond(mut shown: watch::Receiver<Answer>) -> HttpResponse {
    let answer = shown.wait_for(|answer| !matches!(answer, Answer::Nothing)).await;
    match answer.expect("an issuer").clone() {
        Answer::Keys(keys) => HttpResponse::Ok().json(json!({"keys": keys})),
        Answer::Text(text) => HttpResponse::Ok().body(text),
        Answer::Nothing => HttpResponse::NoContent().finish(),
        Answer::Fault => HttpResponse::InternalServerError().finish(),
        Answer::Redirect(url) => HttpResponse::Found().append_header((LOCATION, url)).finish(),
    }
}

/// A pair of keys that signs with one algorithm.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) algorithm: &'static str,
    /// The public half, as it is published.
    pub(crate) jwk: Value,
    pair: Pair,
}

enum Pair {
    Edwards(Ed25519KeyPair),
    Curve(EcdsaKeyPair),
    Rsa(RsaKeyPair, &'static RsaSignatureEncoding),
}

impl Key {
    /// A new pair with this id.
    pub(crate) fn new(algorithm: &'static str, id: &str) -> Self {
        let (pair, mut jwk) = match algorithm {
            "EdDSA" => edwards(),
            "ES256" => curve("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
            "ES384" => curve("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
            "ES512" => curve("P-521", &ECDSA_P521_SHA512_FIXED_SIGNING),
            "PS256" => rsa(&RSA_PSS_SHA256),
            _ => rsa(&RSA_PKCS1_SHA256),
        };
        jwk["kid"] = json!(id);
        jwk["alg"] = json!(algorithm);
        Self { id: id.to_owned(), algorithm, jwk, pair }
    }

    /// A token with the header that Better Auth writes: `alg` and `kid` only.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_with(&json!({"alg": self.algorithm, "kid": self.id}), claims)
    }

    /// A token with this header.
    pub(crate) fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.signature(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Edwards(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Curve(pair) => pair.sign(&random, message).expect("it signs").as_ref().to_vec(),
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).expect("it signs");
                signature
            }
        }
    }

    /// The bytes of the public half: a point, or the numbers of RSA in DER.
    pub(crate) fn public_bytes(&self) -> &[u8] {
        match &self.pair {
            Pair::Edwards(pair) => pair.public_key().as_ref(),
            Pair::Curve(pair) => pair.public_key().as_ref(),
            Pair::Rsa(pair, _) => pair.public_key().as_ref(),
        }
    }

    /// The public half in DER, as certificates hold it (RFC 5280, section 4.1.2.7).
    pub(crate) fn public_der(&self) -> Vec<u8> {
        let der: Result<PublicKeyX509Der, _> = match &self.pair {
            Pair::Edwards(pair) => pair.public_key().as_der(),
            Pair::Curve(pair) => pair.public_key().as_der(),
            Pair::Rsa(pair, _) => pair.public_key().as_der(),
        };
        der.expect("a key").as_ref().to_vec()
    }
}

/// A part of a token.
pub(crate) fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn edwards() -> (Pair, Value) {
    let pair = Ed25519KeyPair::generate().expect("a pair");
    let x = URL_SAFE_NO_PAD.encode(pair.public_key());
    (Pair::Edwards(pair), json!({"kty": "OKP", "crv": "Ed25519", "x": x}))
}

fn curve(name: &str, algorithm: &'static EcdsaSigningAlgorithm) -> (Pair, Value) {
    let pair = EcdsaKeyPair::generate(algorithm).expect("a pair");
    let (_, point) = pair.public_key().as_ref().split_at(1);
    let (x, y) = point.split_at(point.len() / 2);
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    (Pair::Curve(pair), json!({"kty": "EC", "crv": name, "x": x, "y": y}))
}

fn rsa(encoding: &'static RsaSignatureEncoding) -> (Pair, Value) {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a pair");
    // RFC 8017, appendix A.1.1: two heads of 4 bytes, a zero, the modulus, a head of 2 bytes, the
    // exponent.
    let (n, e) = pair.public_key().as_ref()[9..].split_at(256);
    let (n, e) = (URL_SAFE_NO_PAD.encode(n), URL_SAFE_NO_PAD.encode(&e[2..]));
    (Pair::Rsa(pair, encoding), json!({"kty": "RSA", "n": n, "e": e}))
}
