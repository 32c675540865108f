//! The network that a client calls from, for counting what it does.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// An IPv4 address, or the first 64 bits of an IPv6 address.
///
/// The other 64 bits are for whoever has the network to choose (RFC 4291, section 2.5.1): one machine
/// may use a new address for each call, so the addresses of one /64 count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// The most characters of the text: four groups of four hexadecimal digits, `::` and `/64`.
    pub const MAX_CHARS: u32 = 24;
    /// The bits of an IPv6 address that tell one network from another.
    const V6_MASK: u128 = u128::MAX << 64;

    /// The network of an address. An IPv4-mapped IPv6 address is the IPv4 address that it maps.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & Self::V6_MASK).into(),
        })
    }
}

/// As operators write it: `203.0.113.7` or `2001:db8:1:2::/64`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn network(address: &str) -> Network {
        Network::of(address.parse().unwrap())
    }

    #[test]
    fn each_ipv4_address_is_a_network() {
        assert_eq!(network("203.0.113.7").to_string(), "203.0.113.7");
        assert_ne!(network("203.0.113.7"), network("203.0.113.8"));
    }

    #[test]
    fn the_addresses_of_one_64_are_one_network() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("2001:db8:1:2:3:4:5:6").to_string(), "2001:db8:1:2::/64");
        assert_eq!(network("::1").to_string(), "::/64");
    }

    #[test]
    fn a_mapped_ipv4_address_is_that_address() {
        assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.7"));
        assert_ne!(network("::ffff:203.0.113.7"), network("::ffff:203.0.113.8"));
    }

    #[test]
    fn the_longest_text_has_the_most_characters() {
        let longest = network("2001:1db8:1111:2222::1").to_string();
        assert_eq!(longest.len(), Network::MAX_CHARS as usize);
    }

    proptest! {
        #[test]
        fn no_text_is_longer_than_the_most(address in any::<IpAddr>()) {
            let text = Network::of(address).to_string();
            prop_assert!(text.len() <= Network::MAX_CHARS as usize, "{}", text);
        }
    }
}
