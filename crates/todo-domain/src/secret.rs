//! A text that must not be seen.

/// A text whose `Debug` hides it. It has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A kind of secret text, which its adapters alone look at.
macro_rules! secret_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name($crate::secret::Secret);

        impl $name {
            /// The secret that this text is.
            #[must_use]
            pub fn new(text: String) -> Self {
                Self($crate::secret::Secret(text))
            }

            /// The text, for adapters and for whom the secret is meant.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0.0
            }
        }
    };
}
pub(crate) use secret_text;
