//! What it costs to know who is calling: `cargo bench -p todo-api --bench identity -- --quick`.
//!
//! Each number is what one core does, one after the other.
#![expect(clippy::expect_used, reason = "a benchmark that cannot run ends")]

use std::hint::black_box;
use std::time::Duration;

use actix_web::rt::System;
use criterion::{Criterion, Throughput};
use secrecy::SecretString;
use todo_api::{BcryptHasher, Hs256Tokens, JwksSettings, JwksTokens, SystemClock};
use todo_domain::{
    AccessToken, Clock as _, Password, PasswordHasher as _, SessionId, TokenIssuer, TokenVerifier,
    UserId,
};
use tokio::runtime::{Builder, Runtime};

use self::issuer::{ALGORITHMS, Issuer, Key};

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/issuer/mod.rs"]
mod issuer;

/// The cost that passwords are hashed at unless it is configured.
const BCRYPT_COST: u32 = 12;
/// The fewest samples that are taken: a hash takes a good part of a second.
const FEW: usize = 10;

fn main() {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let mut criterion = Criterion::default().configure_from_args();
    token_verifications(&mut criterion, &runtime);
    password_hashes(&mut criterion, &runtime);
    criterion.final_summary();
}

/// Access tokens judged a second, for each algorithm.
fn token_verifications(criterion: &mut Criterion, runtime: &Runtime) {
    let mut group = criterion.benchmark_group("verify an access token");
    group.throughput(Throughput::Elements(1));
    let secret = SecretString::from("a secret for benchmarks, known to nobody else");
    let tokens = Hs256Tokens::new(&secret);
    let token = access_token(&tokens);
    let now = SystemClock.now();
    group.bench_function("HS256", |bencher| {
        bencher.to_async(runtime).iter(async || {
            let verified = tokens.verify(black_box(token.expose()), now).await;
            verified.expect("a good token")
        });
    });
    for algorithm in ALGORITHMS {
        let (tokens, token) = published(algorithm);
        group.bench_function(algorithm, |bencher| {
            bencher.to_async(runtime).iter(async || {
                let verified = tokens.verify(black_box(&token), now).await;
                verified.expect("a good token")
            });
        });
    }
    group.finish();
}

/// What judges the tokens of an issuer whose key is published and known, and one of its tokens.
fn published(algorithm: &'static str) -> (JwksTokens, String) {
    System::new().block_on(async {
        let key = Key::new(algorithm, "key");
        let issuer = Issuer::start(&[&key]);
        let now = SystemClock.now();
        let token = key.sign(&issuer.claims("ada", now.unix_seconds()));
        let (issuer, audience) = (issuer.origin.clone(), issuer.origin.clone());
        let url = format!("{issuer}/api/auth/jwks").parse().expect("an address");
        let tokens = JwksTokens::new(JwksSettings { url, issuer, audience }).expect("a client");
        tokens.verify(&token, now).await.expect("a good token");
        (tokens, token)
    })
}

/// An access token as every client has one.
fn access_token(issuer: &dyn TokenIssuer) -> AccessToken {
    let now = SystemClock.now();
    let (user_id, session_id) = (UserId::generate(now), SessionId::generate(now));
    let token = issuer.issue_access(&user_id, session_id, now, Duration::from_hours(24));
    token.expect("a token")
}

/// Passwords hashed a second, as at a registration; a login takes as long.
fn password_hashes(criterion: &mut Criterion, runtime: &Runtime) {
    let mut group = criterion.benchmark_group("hash a password");
    group.throughput(Throughput::Elements(1)).sample_size(FEW);
    let hasher = BcryptHasher::new(BCRYPT_COST);
    let password = Password::parse("correct horse battery".to_owned()).expect("a password");
    group.bench_function(format!("bcrypt, cost {BCRYPT_COST}"), |bencher| {
        bencher
            .to_async(runtime)
            .iter(async || hasher.hash(black_box(password.clone())).await.expect("a hash"));
    });
    group.finish();
}
