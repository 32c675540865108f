//! Tokens that somebody made up for an issuer's user.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{EncodingKey, Header};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::issuer::{ALGORITHMS, Answer, Issuer, Key, part};
use crate::support::{FAMILIES, SECRET, TestApp, problem};

/// The service, an issuer with one key, and the claims of a good token.
struct Scene {
    app: TestApp,
    issuer: Issuer,
    key: Key,
    claims: Value,
}

impl Scene {
    async fn new(algorithm: &'static str) -> Self {
        let key = Key::new(algorithm, "a");
        let issuer = Issuer::start(&[&key]);
        let app = TestApp::start_with(&[&issuer.flag()]).await;
        let claims = issuer.claims("grace", app.now().unix_seconds());
        let scene = Self { app, issuer, key, claims };
        scene.accepts(&scene.key.sign(&scene.claims)).await;
        scene
    }

    async fn accepts(&self, token: &str) {
        assert_eq!(self.app.list_status("grace", token).await, StatusCode::OK);
    }

    async fn refuses(&self, token: &str, what: &str) {
        for family in FAMILIES {
            let request = self.app.request(Method::GET, &family.tasks_of("grace"));
            let answer = request.bearer_auth(token).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{what}");
            let document = problem(answer, StatusCode::UNAUTHORIZED).await;
            assert_eq!(document["type"], "urn:todo:problem:invalid-token");
        }
    }
}

#[actix_web::test]
async fn a_token_without_a_signature_is_refused() {
    let scene = Scene::new("EdDSA").await;
    for alg in ["none", "None", "NONE", "nOnE", "", "EdDSA"] {
        let header = part(&json!({"alg": alg, "kid": "a"}));
        let token = format!("{header}.{}.", part(&scene.claims));
        scene.refuses(&token, alg).await;
        scene.refuses(&format!("{token}AAAA"), alg).await;
    }
}

#[actix_web::test]
async fn a_public_key_is_no_shared_secret() {
    for algorithm in ["EdDSA", "ES256", "RS256"] {
        let scene = Scene::new(algorithm).await;
        let (raw, der) = (scene.key.public_bytes(), scene.key.public_der());
        let pem = |name: &str, bytes: &[u8]| {
            let text = STANDARD.encode(bytes);
            format!("-----BEGIN {name}-----\n{text}\n-----END {name}-----\n")
        };
        let texts = [
            pem("PUBLIC KEY", &der),
            pem("RSA PUBLIC KEY", raw),
            scene.key.jwk.to_string(),
            json!({"keys": [scene.key.jwk]}).to_string(),
            STANDARD.encode(raw),
        ];
        for secret in texts.iter().map(String::as_bytes).chain([raw, &der, b"", b"a"]) {
            for alg in ["HS256", "HS384", "HS512"] {
                let mut header = Header::new(alg.parse().unwrap());
                header.kid = Some("a".to_owned());
                let key = EncodingKey::from_secret(secret);
                let token = jsonwebtoken::encode(&header, &scene.claims, &key).unwrap();
                scene.refuses(&token, alg).await;
            }
        }
    }
}

#[actix_web::test]
async fn the_shared_secret_signs_nothing_but_hs256() {
    let scene = Scene::new("RS256").await;
    for alg in ["HS384", "HS512"] {
        let header = Header::new(alg.parse().unwrap());
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let token = jsonwebtoken::encode(&header, &scene.claims, &key).unwrap();
        scene.refuses(&token, alg).await;
    }
}

#[actix_web::test]
async fn a_token_must_name_the_algorithm_of_its_key() {
    let stranger = Key::new("RS256", "a");
    for algorithm in ["PS256", "ES256", "EdDSA"] {
        let scene = Scene::new(algorithm).await;
        let others = ALGORITHMS.into_iter().filter(|other| *other != algorithm);
        for alg in others.chain(["RS384", "PS512", "ES256K", "Ed25519", "dir", "eddsa"]) {
            let header = json!({"alg": alg, "kid": "a"});
            scene.refuses(&scene.key.sign_with(&header, &scene.claims), alg).await;
            scene.refuses(&stranger.sign_with(&header, &scene.claims), alg).await;
        }
    }
}

#[actix_web::test]
async fn a_key_id_is_looked_up_and_nothing_else() {
    let scene = Scene::new("EdDSA").await;
    let elsewhere = Issuer::start(&[&scene.key]);
    for kid in [
        json!("../../../../dev/null"),
        json!("/etc/passwd"),
        json!(elsewhere.url()),
        json!("a' OR '1'='1"),
        json!("a'; DROP TABLE users; --"),
        json!("a\0"),
        json!("A"),
        json!(" a"),
        json!(""),
        json!(null),
        json!(0),
        json!(["a"]),
        json!({"a": "a"}),
        json!("a".repeat(4_000)),
    ] {
        let header = json!({"alg": "EdDSA", "kid": kid});
        scene.refuses(&scene.key.sign_with(&header, &scene.claims), &kid.to_string()).await;
    }
    let header = json!({"alg": "EdDSA"});
    scene.refuses(&scene.key.sign_with(&header, &scene.claims), "no kid").await;
    assert_eq!(elsewhere.fetches(), 0);
    scene.accepts(&scene.key.sign(&scene.claims)).await;
}

#[actix_web::test]
async fn a_key_that_comes_with_the_token_is_never_used() {
    let scene = Scene::new("EdDSA").await;
    let forger = Key::new("EdDSA", "a");
    let elsewhere = Issuer::start(&[&forger]);
    let certificate = STANDARD.encode(forger.public_der());
    for (name, value) in [
        ("jwk", forger.jwk.clone()),
        ("jku", json!(elsewhere.url())),
        ("x5u", json!(elsewhere.url())),
        ("x5c", json!([certificate])),
    ] {
        for kid in ["a", "b"] {
            let header = json!({"alg": "EdDSA", "kid": kid, name: value});
            scene.refuses(&forger.sign_with(&header, &scene.claims), name).await;
        }
        let header = json!({"alg": "EdDSA", "kid": "a", name: value});
        scene.accepts(&scene.key.sign_with(&header, &scene.claims)).await;
    }
    assert_eq!(elsewhere.fetches(), 0);
}

#[actix_web::test]
async fn a_token_that_was_changed_is_refused() {
    for algorithm in ALGORITHMS {
        let scene = Scene::new(algorithm).await;
        let token = scene.key.sign(&scene.claims);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        let ada = part(&scene.issuer.claims("ada", scene.app.now().unix_seconds()));
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[0] ^= 1;
        let flipped = URL_SAFE_NO_PAD.encode(&bytes);
        let zeros = URL_SAFE_NO_PAD.encode(vec![0; bytes.len()]);
        let short = URL_SAFE_NO_PAD.encode(&bytes[1..]);
        scene.refuses(&format!("{header}.{ada}.{signature}"), "the claims").await;
        for signature in [flipped.as_str(), &zeros, &short, "", "AA=="] {
            scene.refuses(&format!("{signed}.{signature}"), algorithm).await;
        }
        let stranger = Key::new(algorithm, "a");
        scene.refuses(&stranger.sign(&scene.claims), "another key").await;
    }
}

#[actix_web::test]
async fn a_key_that_cannot_be_what_it_says_is_skipped() {
    let good = Key::new("EdDSA", "good");
    let issuer = Issuer::start(&[]);
    for (fault, algorithm, name, value) in [
        ("an EC key cannot sign with RS256", "ES256", "alg", json!("RS256")),
        ("a key of P-256 cannot sign with ES512", "ES256", "alg", json!("ES512")),
        ("a public key is no secret", "RS256", "alg", json!("HS256")),
        ("a key for none", "EdDSA", "alg", json!("none")),
        ("it is for encryption", "ES256", "use", json!("enc")),
        ("it may not verify", "ES256", "key_ops", json!(["sign", "encrypt"])),
        ("its curve is another", "ES384", "crv", json!("P-256")),
        ("it is not on its curve", "ES256", "x", json!("A".repeat(43))),
        ("it is no base64url", "EdDSA", "x", json!("!")),
        ("it has no id", "EdDSA", "kid", json!(null)),
        ("its modulus has 1024 bits", "RS256", "n", json!(URL_SAFE_NO_PAD.encode([0xff; 128]))),
    ] {
        let mut odd = Key::new(algorithm, "odd");
        odd.jwk[name] = value;
        issuer.publish(&[&odd, &good]);
        let app = TestApp::start_with(&[&issuer.flag()]).await;
        let claims = issuer.claims("grace", app.now().unix_seconds());
        for (key, status) in [(&odd, StatusCode::UNAUTHORIZED), (&good, StatusCode::OK)] {
            let request = app.request(Method::GET, "/api/v1/tasks").bearer_auth(key.sign(&claims));
            assert_eq!(request.send().await.unwrap().status(), status, "{fault}");
        }
    }
}

#[actix_web::test]
async fn a_token_of_another_kind_is_refused() {
    let scene = Scene::new("EdDSA").await;
    for typ in ["JWT", "jwt", "at+jwt", "application/at+JWT"] {
        let header = json!({"alg": "EdDSA", "kid": "a", "typ": typ});
        scene.accepts(&scene.key.sign_with(&header, &scene.claims)).await;
    }
    for typ in ["better-auth.session-cache+jwt", "dpop+jwt", "id+jwt", "logout+jwt", "JWE"] {
        let header = json!({"alg": "EdDSA", "kid": "a", "typ": typ});
        scene.refuses(&scene.key.sign_with(&header, &scene.claims), typ).await;
        let header = Header { typ: Some(typ.to_owned()), ..Header::default() };
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let token = jsonwebtoken::encode(&header, &scene.claims, &key).unwrap();
        scene.refuses(&token, typ).await;
    }
}

#[actix_web::test]
async fn the_session_cookie_of_better_auth_is_no_token() {
    let scene = Scene::new("EdDSA").await;
    let now = scene.app.now().unix_seconds();
    // As its `setCookieCache` signs it, without `typ`, with the shared secret.
    let cookie = json!({
        "session": {"userId": "grace", "token": "t", "id": "s"},
        "user": {"id": "grace", "email": "grace@issuer.example"},
        "updatedAt": now * 1_000,
        "version": "1",
        "iat": now,
        "exp": now + 300,
    });
    let header = Header { typ: None, ..Header::default() };
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let token = jsonwebtoken::encode(&header, &cookie, &key).unwrap();
    scene.refuses(&token, "the cookie").await;
}

#[actix_web::test]
async fn a_header_that_demands_an_extension_is_refused() {
    let scene = Scene::new("EdDSA").await;
    for crit in [json!(["b64"]), json!(["exp"]), json!([])] {
        let header = json!({"alg": "EdDSA", "kid": "a", "crit": crit, "b64": false});
        scene.refuses(&scene.key.sign_with(&header, &scene.claims), "crit").await;
    }
}

#[actix_web::test]
async fn a_secret_that_is_published_by_mistake_is_no_key() {
    let scene = Scene::new("EdDSA").await;
    let secret = URL_SAFE_NO_PAD.encode(b"published");
    let oct = json!({"kty": "oct", "alg": "HS256", "kid": "o", "k": secret});
    scene.issuer.answer(Answer::Keys(vec![oct]));
    let header = Header { kid: Some("o".to_owned()), ..Header::default() };
    let key = EncodingKey::from_secret(b"published");
    let token = jsonwebtoken::encode(&header, &scene.claims, &key).unwrap();
    scene.refuses(&token, "oct").await;
}
