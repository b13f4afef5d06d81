//! RTP (RFC 3550): the header, and nothing of what it carries.

/// Octets of the fixed header.
pub const HEADER_LEN: usize = 12;
/// The largest datagram looked at, in octets: more than 100 ms of G.711 with every option has no business here.
pub const PACKET_LEN_MAX: usize = 2_048;

/// A received packet, borrowed from the datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// First packet after silence.
    pub marker: bool,
    /// What the payload is.
    pub payload_type: u8,
    /// Counts packets, wraps.
    pub sequence: u16,
    /// Counts samples, wraps.
    pub timestamp: u32,
    /// Who sends.
    pub ssrc: u32,
    /// What is carried, without padding.
    pub payload: &'a [u8],
}

/// Why a datagram is not an RTP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRtp {
    /// Too short, too long, or its lengths contradict each other.
    #[error("the lengths in the datagram do not fit it")]
    Length,
    /// Not version 2 (STUN, DTLS or noise).
    #[error("not RTP version 2")]
    Version,
    /// RTCP, on a port where both are sent. To be tolerated.
    #[error("RTCP")]
    Rtcp,
}

impl<'a> Packet<'a> {
    /// Reads a datagram.
    ///
    /// # Errors
    /// [`NotRtp`] if it is something else.
    pub fn parse(datagram: &'a [u8]) -> Result<Self, NotRtp> {
        let (Some(&[first, second, s0, s1, t0, t1, t2, t3, c0, c1, c2, c3]), true) =
            (datagram.first_chunk::<HEADER_LEN>(), datagram.len() <= PACKET_LEN_MAX)
        else {
            return Err(NotRtp::Length);
        };
        if first >> 6 != 2 {
            return Err(NotRtp::Version);
        }
        // RFC 5761: with the marker bit, RTCP's packet types 192 to 223 look like payload types 64 to 95.
        if (192..=223).contains(&second) {
            return Err(NotRtp::Rtcp);
        }
        let mut start = HEADER_LEN + 4 * usize::from(first & 0x0F);
        if first & 0x10 != 0 {
            let head = datagram.get(start..start + 4).ok_or(NotRtp::Length)?;
            start += 4 + 4 * usize::from(u16::from_be_bytes([head[2], head[3]]));
        }
        let padding = if first & 0x20 == 0 { 0 } else { usize::from(datagram[datagram.len() - 1]) };
        if first & 0x20 != 0 && padding == 0 {
            return Err(NotRtp::Length);
        }
        let end = datagram.len().checked_sub(padding).ok_or(NotRtp::Length)?;
        Ok(Self {
            marker: second & 0x80 != 0,
            payload_type: second & 0x7F,
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: u32::from_be_bytes([c0, c1, c2, c3]),
            payload: datagram.get(start..end).ok_or(NotRtp::Length)?,
        })
    }

    /// Writes the packet into `out`, which is emptied first.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        out.push(0x80);
        out.push(u8::from(self.marker) << 7 | (self.payload_type & 0x7F));
        out.extend_from_slice(&self.sequence.to_be_bytes());
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(&self.ssrc.to_be_bytes());
        out.extend_from_slice(self.payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(marker: bool, payload_type in 0_u8..64, sequence: u16, timestamp: u32, ssrc: u32,
                                   payload in proptest::collection::vec(any::<u8>(), 0..400)) {
            let packet = Packet { marker, payload_type, sequence, timestamp, ssrc, payload: &payload };
            let mut bytes = Vec::new();
            packet.write(&mut bytes);
            prop_assert_eq!(Packet::parse(&bytes), Ok(packet));
        }

        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
            if let Ok(packet) = Packet::parse(&bytes) {
                prop_assert!(packet.payload.len() <= bytes.len());
            }
        }
    }

    #[test]
    fn options_are_stepped_over() {
        // One contributing source, an extension of one word, and two octets of padding.
        let mut bytes = vec![0xB1, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 0xBE, 0xDE, 0, 1, 7, 7, 7, 7];
        bytes.extend_from_slice(&[1, 2, 3, 0, 2]);
        assert_eq!(Packet::parse(&bytes).map(|p| p.payload), Ok(&[1, 2, 3][..]));
    }

    #[test]
    fn rtcp_and_lies_about_lengths_are_told_apart() {
        assert_eq!(Packet::parse(&[0x80, 200, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0]), Err(NotRtp::Rtcp));
        assert_eq!(Packet::parse(&[0x8F, 8, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0]), Err(NotRtp::Length));
        assert_eq!(Packet::parse(&[0xA0, 8, 0, 6, 0, 0, 0, 0, 0, 0, 0, 200]), Err(NotRtp::Length));
        assert_eq!(Packet::parse(&[0x00; 20]), Err(NotRtp::Version));
    }
}
