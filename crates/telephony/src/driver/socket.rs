//! The SIP socket, with the gate in front of it.

use super::agent::count_request;
use crate::protocol::door::Door;
use crate::protocol::gate::{self, Fault, MESSAGE_LEN_MAX, Verdict};
use rsipstack::platform::net::UdpSocket as PlatformSocket;
use rsipstack::sip::prelude::{HeadersExt, ToTypedHeader as _};
use rsipstack::sip::typed::Contact;
use rsipstack::sip::{Method, SipMessage};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use tokio::net::UdpSocket;

/// Octets read of a datagram. One octet more than is allowed tells that there was more.
const READ_LEN: usize = 65_535;

/// A UDP socket on which only sound SIP messages are received.
pub struct GatedSocket {
    socket: UdpSocket,
    door: Mutex<Door>,
}

impl GatedSocket {
    /// Binds to `address`; calls may come from `callers` only (none: from everybody).
    ///
    /// # Errors
    /// If it is taken or not ours.
    pub async fn bind(address: SocketAddr, callers: Option<Vec<IpAddr>>) -> io::Result<Self> {
        Ok(Self { socket: UdpSocket::bind(address).await?, door: Mutex::new(Door::new(callers)) })
    }

    /// Where it is bound.
    ///
    /// # Errors
    /// If the operating system does not know.
    pub fn local(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// What is to be handed on of a datagram, or none.
    async fn admit(&self, datagram: &[u8], from: SocketAddr) -> Option<Vec<u8>> {
        let may_call = {
            let mut door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
            if !door.admits(from.ip(), Instant::now()) {
                metrics::counter!("sip_dropped_total", "reason" => "rate").increment(1);
                return None;
            }
            door.may_call(from.ip())
        };
        let (fault, answer) = match gate::inspect(datagram) {
            Verdict::KeepAlive => return Some(datagram.to_vec()),
            Verdict::Pass => match parsed(datagram) {
                Some(message) => return self.hand_on(datagram.to_vec(), &message, may_call, from).await,
                None => (Fault::Mandatory, gate::refusal(datagram, Fault::Mandatory.answer())),
            },
            Verdict::PassAs(bytes) => match parsed(&bytes) {
                Some(message) => return self.hand_on(bytes, &message, may_call, from).await,
                None => (Fault::Mandatory, gate::refusal(&bytes, Fault::Mandatory.answer())),
            },
            Verdict::Drop(fault) => (fault, None),
            Verdict::Answer(fault, bytes) => (fault, Some(bytes)),
        };
        metrics::counter!("sip_malformed_total", "fault" => fault.word()).increment(1);
        tracing::debug!(
            fault = fault.word(),
            answered = answer.is_some(),
            len = datagram.len(),
            "malformed SIP"
        );
        if let Some(answer) = answer {
            // Whoever sends rubbish from an unreachable address gets no answer, and we lose nothing.
            self.socket.send_to(&answer, from).await.ok();
        }
        None
    }

    /// A stranger's call is refused here, where it leaves nothing behind: behind this, every INVITE is remembered until
    /// its refusal has been acknowledged, which strangers need not do.
    async fn hand_on(
        &self,
        bytes: Vec<u8>,
        message: &SipMessage,
        may_call: bool,
        from: SocketAddr,
    ) -> Option<Vec<u8>> {
        let begins_call = matches!(message, SipMessage::Request(request)
            if request.method == Method::Invite && request.to_header().is_ok_and(|to| matches!(to.tag(), Ok(None))));
        if may_call || !begins_call {
            return Some(bytes);
        }
        count_request(Method::Invite, 403);
        if let Some(answer) = gate::refusal(&bytes, (403, "Forbidden")) {
            self.socket.send_to(&answer, from).await.ok();
        }
        None
    }
}

/// The message, if the stack behind the gate can read the headers it will ask for; if it could not, it would drop the
/// request without an answer.
fn parsed(bytes: &[u8]) -> Option<SipMessage> {
    let message = SipMessage::try_from(bytes).ok()?;
    let is_legible = match &message {
        SipMessage::Request(request) => {
            is_legible(request)
                && request.cseq_header().is_ok_and(|h| h.typed().is_ok())
                && request.typed_record_route_headers().is_ok()
                && request.contact_headers().iter().all(|c| {
                    // `*` takes back all registrations (RFC 3261, 10.2.2).
                    c.value().trim() == "*" || Contact::parse_header_list(c.value()).is_ok()
                })
        }
        SipMessage::Response(response) => is_legible(response),
    };
    is_legible.then_some(message)
}

fn is_legible(message: &impl HeadersExt) -> bool {
    message.from_header().is_ok_and(|h| h.typed().is_ok())
        && message.to_header().is_ok_and(|h| h.typed().is_ok())
        && message.top_via_header().is_ok_and(|h| h.typed().is_ok())
}

#[async_trait::async_trait]
impl PlatformSocket for GatedSocket {
    async fn recv_from(&self, buf: &mut [u8]) -> rsipstack::Result<(usize, SocketAddr)> {
        let mut datagram = vec![0; READ_LEN];
        loop {
            let (len, from) = match self.socket.recv_from(&mut datagram).await {
                Ok(received) => received,
                // The echo of a datagram nobody took; the next one is waiting.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => continue,
                Err(error) => return Err(error.into()),
            };
            if let Some(bytes) = self.admit(&datagram[..len], from).await
                && bytes.len() <= buf.len().min(MESSAGE_LEN_MAX + 64)
            {
                buf[..bytes.len()].copy_from_slice(&bytes);
                return Ok((bytes.len(), from));
            }
        }
    }

    async fn send_to(&self, buf: &[u8], address: SocketAddr) -> rsipstack::Result<usize> {
        Ok(self.socket.send_to(buf, address).await?)
    }

    fn local_addr(&self) -> rsipstack::Result<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rsipstack::transaction::key::{TransactionKey, TransactionRole};

    const INVITE: &str = "INVITE sip:08@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1;rport\r\n\
        From: \"A\" <sip:a@b>;tag=1\r\nTo: <sip:08@127.0.0.1>\r\nCall-ID: c1@h\r\nCSeq: 1 INVITE\r\n\
        Contact: <sip:a@127.0.0.1:5070;ob>\r\nRecord-Route: <sip:p1;lr>,<sip:p2;lr>\r\nMax-Forwards: 70\r\n\
        Content-Length: 3\r\n\r\nv=0";

    /// What the stack does with a request as soon as it arrives.
    fn like_the_stack(bytes: &[u8]) {
        let Ok(message) = SipMessage::try_from(bytes) else { return };
        match message {
            SipMessage::Request(request) => {
                TransactionKey::from_request(&request, TransactionRole::Server).ok();
                request.has_multiple_vias();
                request.destination();
                request.to_string();
                let from = "127.0.0.1:1".parse().unwrap();
                let updated = rsipstack::transport::SipConnection::update_msg_received(
                    request.into(),
                    from,
                    rsipstack::sip::Transport::Udp,
                );
                drop(updated);
            }
            SipMessage::Response(response) => {
                TransactionKey::from_response(&response, TransactionRole::Client).ok();
                response.has_multiple_vias();
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Nothing the gate lets through makes the stack behind it panic, which would end all telephony.
        #[test]
        fn the_stack_survives_what_the_gate_lets_through(
            edits in proptest::collection::vec((0_usize..400, 0_usize..12, "[ -~é\\r\\n]{0,8}"), 1..4)
        ) {
            let mut message = INVITE.as_bytes().to_vec();
            for (at, cut, text) in edits {
                let at = at.min(message.len());
                let end = (at + cut).min(message.len());
                message.splice(at..end, text.bytes());
            }
            match gate::inspect(&message) {
                Verdict::Pass if parsed(&message).is_some() => like_the_stack(&message),
                Verdict::PassAs(bytes) if parsed(&bytes).is_some() => like_the_stack(&bytes),
                _ => {}
            }
        }
    }

    #[test]
    fn a_sound_request_is_parsed() {
        assert!(parsed(INVITE.as_bytes()).is_some());
        assert!(parsed(INVITE.replace("<sip:a@b>;tag=1", "<sip:a@b;tag=1").as_bytes()).is_none());
    }
}
