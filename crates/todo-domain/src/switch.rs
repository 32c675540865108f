//! Kill switches: parts of the service that an operator can turn off in an emergency.

/// A part of the service that can be turned off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Switch {
    /// Making accounts.
    Signup,
    /// Opening sessions with a password.
    Login,
    /// Resetting passwords by mail.
    PasswordReset,
    /// Making, changing and deleting tasks.
    TaskWrites,
}

impl Switch {
    /// Every switch.
    pub const ALL: [Self; 4] = [Self::Signup, Self::Login, Self::PasswordReset, Self::TaskWrites];

    /// The most characters a name has.
    pub const MAX_CHARS: u32 = 32;

    /// The name that operators and the database know it by.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signup => "signup",
            Self::Login => "login",
            Self::PasswordReset => "password-reset",
            Self::TaskWrites => "task-writes",
        }
    }

    /// The switch of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|switch| switch.as_str() == name)
    }
}

impl std::fmt::Display for Switch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_is_found_by_its_name() {
        for switch in Switch::ALL {
            assert_eq!(Switch::parse(switch.as_str()), Some(switch));
            assert!(switch.as_str().len() <= Switch::MAX_CHARS as usize);
        }
        assert_eq!(Switch::parse("everything"), None);
    }
}
