//! Which addresses are reached from a public network and belong to nobody in particular near us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// This machine.
    Loopback,
    /// Not on the public network: private, link-local, shared, reserved, documentation, multicast and the like.
    NotPublic,
}

/// IPv4 blocks that are not globally reachable, with the length of their prefixes: the IANA IPv4 Special-Purpose
/// Address Registry (RFC 6890 and what has been added since), multicast (RFC 5771) and class E (RFC 1112).
const V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    // A public address by number only: the one at which Azure's virtual machines find the host that runs them.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// Blocks within 2000::/3, the only global unicast space handed out so far, that are not what they seem: IETF protocol
/// assignments with Teredo and ORCHID, documentation, 6to4, whose addresses hold an IPv4 address to be tunnelled to.
const V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// The well-known prefix behind which a NAT64 turns the last 32 bits into an IPv4 address (RFC 6052).
const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

fn within_v4(address: Ipv4Addr, (block, length): (Ipv4Addr, u32)) -> bool {
    (address.to_bits() ^ block.to_bits()).leading_zeros() >= length
}

fn within_v6(address: Ipv6Addr, (block, length): (Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ block.to_bits()).leading_zeros() >= length
}

/// Why `address` must not be called from a public service, if so. IPv4 addresses inside IPv6 ones (mapped, NAT64) are
/// judged as the IPv4 addresses they lead to.
#[must_use]
pub fn forbidden(address: IpAddr) -> Option<Forbidden> {
    match address {
        IpAddr::V4(v4) => forbidden_v4(v4),
        IpAddr::V6(v6) => forbidden_v6(v6),
    }
}

fn forbidden_v4(address: Ipv4Addr) -> Option<Forbidden> {
    if address.is_loopback() {
        return Some(Forbidden::Loopback);
    }
    V4.iter().any(|block| within_v4(address, *block)).then_some(Forbidden::NotPublic)
}

fn forbidden_v6(address: Ipv6Addr) -> Option<Forbidden> {
    if address.is_loopback() {
        return Some(Forbidden::Loopback);
    }
    if let Some(mapped) = address.to_ipv4_mapped() {
        return forbidden_v4(mapped);
    }
    if within_v6(address, NAT64) {
        let [.., a, b, c, d] = address.octets();
        // Whatever it leads to, it is the translator's loopback and not ours.
        return forbidden_v4(Ipv4Addr::new(a, b, c, d)).map(|_| Forbidden::NotPublic);
    }
    let handed_out = within_v6(address, (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3));
    (!handed_out || V6.iter().any(|block| within_v6(address, *block))).then_some(Forbidden::NotPublic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judged(text: &str) -> Option<Forbidden> {
        forbidden(text.parse().unwrap())
    }

    #[test]
    fn what_is_near_us_is_forbidden() {
        for loopback in ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"] {
            assert_eq!(judged(loopback), Some(Forbidden::Loopback), "{loopback}");
        }
        for near in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "169.254.169.254",
            "168.63.129.16",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:a9fe:a9fe",
            "::127.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::10.1.2.3",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2002:808:808::1",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert_eq!(judged(near), Some(Forbidden::NotPublic), "{near}");
        }
    }

    #[test]
    fn what_is_public_is_not() {
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2001:4860:4860::8888",
            "2a00:1450:400f:80d::200e",
            "2606:4700::1111",
        ] {
            assert_eq!(judged(public), None, "{public}");
        }
    }

    proptest! {
        /// The standard library knows the same of what it has a stable word for.
        #[test]
        fn no_address_the_library_calls_private_passes(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            let near = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
                || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
            if near {
                prop_assert!(forbidden(v4.into()).is_some());
            }
            // However it is wrapped, it is the same address.
            prop_assert_eq!(forbidden(v4.to_ipv6_mapped().into()), forbidden(v4.into()));
            let mut nat64 = NAT64.0.octets();
            nat64[12..].copy_from_slice(&v4.octets());
            prop_assert_eq!(forbidden(Ipv6Addr::from(nat64).into()).is_some(), forbidden(v4.into()).is_some());
            let six_to_four = Ipv6Addr::from((0x2002_u128 << 112) | (u128::from(bits) << 80));
            prop_assert!(forbidden(six_to_four.into()).is_some());
        }

        #[test]
        fn outside_global_unicast_nothing_passes_but_what_leads_to_public_ipv4(bits in any::<u128>()) {
            let v6 = Ipv6Addr::from_bits(bits);
            if forbidden(v6.into()).is_none() {
                let global = v6.segments()[0] & 0xe000 == 0x2000;
                prop_assert!(global || v6.to_ipv4_mapped().is_some() || within_v6(v6, NAT64));
            }
        }
    }
}
