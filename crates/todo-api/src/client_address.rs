//! Which address a request comes from.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use actix_web::http::header::{
    HeaderMap, HeaderValue, USER_AGENT, X_FORWARDED_FOR, X_FORWARDED_PROTO,
};
use actix_web::{HttpRequest, web};
use ipnet::IpNet;
use thiserror::Error;
use todo_domain::{ClientInfo, UserAgent};

/// The proxies whose word on a client's address is taken: the setting `TRUSTED_PROXIES`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// What the setting `TRUSTED_PROXIES` takes.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("must be addresses and networks such as 10.0.0.1 and fd00::/8, separated by commas")]
pub struct TrustedProxiesError;

impl FromStr for TrustedProxies {
    type Err = TrustedProxiesError;

    /// Reads addresses and CIDR networks with commas between them; an empty text is none.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let networks =
            text.split(',').map(|entry| network(entry.trim()).ok_or(TrustedProxiesError));
        networks.collect::<Result<_, _>>().map(Self)
    }
}

fn network(text: &str) -> Option<IpNet> {
    let network = match text.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().into(),
        Err(_) => text.parse::<IpNet>().ok()?,
    };
    // No address is ever compared in its mapped form.
    (network.addr() == network.addr().to_canonical()).then_some(network)
}

impl TrustedProxies {
    /// Walks from the peer to the client: as long as a hop is trusted, the one before it is what
    /// the hop says it is. Each proxy appends the address that it sees to `X-Forwarded-For`, so the
    /// walk begins at the right end, and what a client has written itself is never reached. A hop
    /// that nobody can read ends the walk before it.
    fn client_behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines: Vec<_> = headers.get_all(X_FORWARDED_FOR).collect();
        let mut hops =
            lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        let mut client = peer.to_canonical();
        while self.trust(client)
            && let Some(hop) = hops.next().and_then(hop)
        {
            client = hop;
        }
        client
    }

    /// Whether `peer` is a proxy that says the client came to it without encryption. Of several entries
    /// the first is that of the proxy which the client spoke to. Whoever writes one of their own there
    /// only decides on their own request.
    pub(crate) fn say_plain(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let first = headers.get(X_FORWARDED_PROTO).map(HeaderValue::as_bytes);
        let first = first.and_then(|line| line.split(|byte| *byte == b',').next());
        first.is_some_and(|scheme| scheme.trim_ascii().eq_ignore_ascii_case(b"http"))
            && self.trust(peer.to_canonical())
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An entry of `X-Forwarded-For`: an address, which some proxies write with its port or in brackets
/// (as RFC 7239, section 6, has it).
fn hop(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let address = text.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    address.or_else(with_port).or_else(bracketed).map(|address| address.to_canonical())
}

/// What a request tells of its client.
pub(crate) fn client_info(request: &HttpRequest) -> ClientInfo {
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    ClientInfo {
        user_agent: user_agent.and_then(UserAgent::clip),
        address: client_address(request),
    }
}

/// The address that a request comes from: the peer's, or what the trusted proxies say of it. `None`
/// if the system does not know the peer any more.
pub(crate) fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    let proxies = request.app_data::<web::Data<TrustedProxies>>();
    Some(proxies.map_or(peer.to_canonical(), |it| it.client_behind(peer, request.headers())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROXIES: &str = "10.0.0.0/8, 2001:db8:ffff::1,192.0.2.1";

    /// Who calls, if `peer` does with these lines of `X-Forwarded-For`.
    fn client(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let proxies: TrustedProxies = PROXIES.parse().unwrap();
        proxies.client_behind(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_peer_that_is_not_trusted_is_the_client_whatever_it_says() {
        assert_eq!(client("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("2001:db8:ffff::2", &["10.0.0.1"]), "2001:db8:ffff::2");
    }

    #[test]
    fn a_trusted_peer_names_the_client() {
        assert_eq!(client("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("2001:db8:ffff::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1", "unless it says nothing");
    }

    #[test]
    fn the_last_entry_that_is_not_trusted_is_the_client() {
        let lines = ["198.51.100.1, 203.0.113.7, 192.0.2.1,10.9.9.9"];
        assert_eq!(client("10.0.0.1", &lines), "203.0.113.7");
    }

    #[test]
    fn the_lines_of_the_header_are_one_list() {
        let lines = ["198.51.100.1", "203.0.113.7, 10.2.2.2", "10.1.1.1"];
        assert_eq!(client("10.0.0.1", &lines), "203.0.113.7");
    }

    #[test]
    fn if_all_are_trusted_the_first_is_the_client() {
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn ports_and_brackets_are_no_part_of_an_address() {
        for (entry, address) in [
            ("203.0.113.7:4711", "203.0.113.7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("[::ffff:203.0.113.7]:4711", "203.0.113.7"),
        ] {
            assert_eq!(client("10.0.0.1", &[entry]), address, "{entry}");
        }
    }

    #[test]
    fn an_entry_that_is_no_address_ends_the_walk_at_the_proxy_that_wrote_it() {
        for entry in ["unknown", "_hidden", "", "[203.0.113.7]", "203.0.113", "localhost:80", "é"]
        {
            let line = format!("198.51.100.1, {entry}, 10.2.2.2");
            assert_eq!(client("10.0.0.1", &[&line]), "10.2.2.2", "{entry}");
        }
    }

    #[test]
    fn a_mapped_ipv4_address_is_written_and_trusted_as_ipv4() {
        assert_eq!(client("::ffff:203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("::ffff:10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
    }

    #[test]
    fn the_setting_takes_addresses_and_networks_and_nothing_else() {
        for good in ["", " ", "10.0.0.1", "fd00::/8,10.0.0.0/8", "::ffff:10.0.0.1"] {
            assert!(good.parse::<TrustedProxies>().is_ok(), "{good}");
        }
        for bad in ["proxy", "10.0.0.0/33", "10.0.0.1,", "10.0.0.1 10.0.0.2", "::ffff:0:0/96"] {
            assert_eq!(bad.parse::<TrustedProxies>(), Err(TrustedProxiesError), "{bad}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_can_say_that_the_client_came_without_encryption() {
        let plain = |peer: &str, value: &'static str| {
            let headers = [(X_FORWARDED_PROTO, HeaderValue::from_static(value))];
            let proxies: TrustedProxies = PROXIES.parse().unwrap();
            proxies.say_plain(peer.parse().unwrap(), &headers.into_iter().collect())
        };
        for value in ["http", "HTTP", " http , https"] {
            assert!(plain("10.0.0.1", value) && plain("::ffff:10.0.0.1", value), "{value}");
            assert!(!plain("203.0.113.7", value), "{value}");
        }
        for value in ["https", "https, http", "", "wss", "httpx"] {
            assert!(!plain("10.0.0.1", value), "{value}");
        }
    }

    proptest! {
        #[test]
        fn what_a_client_writes_itself_changes_nothing(forged in "[ -~]{0,40}") {
            let line = format!("{forged}, 203.0.113.7");
            prop_assert_eq!(client("10.0.0.1", &[&line]), "203.0.113.7");
        }
    }
}
