//! Which addresses no stranger may make us call (SSRF): everything but public unicast, also when a v4 address
//! is wrapped in a v6 one. Source: the IANA special-purpose address registries (RFC 6890 and its updates).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// (network, prefix length, what it is)
const V4: &[([u8; 4], u8, &str)] = &[
    ([0, 0, 0, 0], 8, "an address of \"this network\""),
    ([10, 0, 0, 0], 8, "a private address"),
    ([100, 64, 0, 0], 10, "an address of a provider's shared network"),
    ([127, 0, 0, 0], 8, "this computer itself"),
    ([169, 254, 0, 0], 16, "a link-local or metadata address"),
    ([172, 16, 0, 0], 12, "a private address"),
    ([168, 63, 129, 16], 32, "a metadata address"),
    ([192, 0, 0, 0], 24, "a reserved address"),
    ([192, 0, 2, 0], 24, "an address for documentation"),
    ([192, 88, 99, 0], 24, "a reserved address"),
    ([192, 168, 0, 0], 16, "a private address"),
    ([198, 18, 0, 0], 15, "an address for benchmarks"),
    ([198, 51, 100, 0], 24, "an address for documentation"),
    ([203, 0, 113, 0], 24, "an address for documentation"),
    ([224, 0, 0, 0], 4, "a multicast address"),
    ([240, 0, 0, 0], 4, "a reserved address"),
];

/// Within 2000::/3, the only public part of v6.
const V6: &[([u16; 2], u8, &str)] = &[
    ([0x2001, 0x0000], 23, "a reserved address"),
    ([0x2001, 0x0db8], 32, "an address for documentation"),
    ([0x3fff, 0x0000], 20, "an address for documentation"),
];

/// Returns what kind of address it is that nobody outside may make us call, in words; none when it is a
/// public one.
pub fn forbidden(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => forbidden_v4(v4),
        IpAddr::V6(v6) => forbidden_v6(v6),
    }
}

fn forbidden_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = u32::from(address);
    let within = |net: [u8; 4], length: u8| (bits ^ u32::from_be_bytes(net)) >> (32 - length) == 0;
    V4.iter().find(|(net, length, _)| within(*net, *length)).map(|(.., what)| *what)
}

fn forbidden_v6(address: Ipv6Addr) -> Option<&'static str> {
    let s = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        // A v4 address in another coat counts as what it is: mapped, NAT64, 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] => forbidden_v4(v4(high, low)),
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => forbidden_v4(v4(high, low)),
        [0x2002, high, low, ..] => forbidden_v4(v4(high, low)),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("this computer itself"),
        [first, ..] if first & 0xfe00 == 0xfc00 => Some("a private address"),
        [first, ..] if first & 0xffc0 == 0xfe80 => Some("a link-local address"),
        [first, ..] if first & 0xff00 == 0xff00 => Some("a multicast address"),
        [first, ..] if first & 0xe000 != 0x2000 => Some("a reserved address"),
        [first, second, ..] => {
            let bits = (u32::from(first) << 16) | u32::from(second);
            let within = |net: [u16; 2], n: u8| {
                (bits ^ ((u32::from(net[0]) << 16) | u32::from(net[1]))) >> (32 - n) == 0
            };
            V6.iter().find(|(net, length, _)| within(*net, *length)).map(|(.., what)| *what)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Option<&'static str> {
        forbidden(text.parse().expect("an address"))
    }

    #[test]
    fn what_is_not_public_is_forbidden() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "168.63.129.16",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:a00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "5f00::1",
            "3fff::1",
        ] {
            assert!(of(text).is_some(), "{text} is let through");
        }
        for text in [
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "192.1.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_wrapped_address_counts_as_what_it_is(bits: u32) {
            let v4 = Ipv4Addr::from(bits);
            let (high, low) = ((bits >> 16) as u16, bits as u16);
            let plain = forbidden(v4.into());
            prop_assert_eq!(forbidden(v4.to_ipv6_mapped().into()), plain);
            prop_assert_eq!(forbidden(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low).into()), plain);
            prop_assert_eq!(forbidden(Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1).into()), plain);
        }

        /// The standard library's own judgements are a second opinion on the old ranges.
        #[test]
        fn no_private_address_is_public(bits: u32) {
            let v4 = Ipv4Addr::from(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_broadcast()
                || v4.is_documentation() || v4.is_multicast() || v4.is_unspecified();
            prop_assert!(!special || forbidden(v4.into()).is_some());
        }
    }
}
