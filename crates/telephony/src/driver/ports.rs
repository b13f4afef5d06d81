//! The pool of UDP ports for RTP.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};

/// Tries at other ports when one is taken by somebody else, before giving up.
const TRIES_MAX: usize = 50;

/// The ports RTP may use. A port is given back when its [`RtpSocket`] is dropped, and used again last, so that stray
/// packets of an old call do not reach a new one.
#[derive(Clone)]
pub struct PortPool {
    inner: Arc<PoolInner>,
}

struct PoolInner {
    bind: IpAddr,
    advertised: IpAddr,
    /// None lets the operating system choose, as tests do.
    free: Option<Mutex<VecDeque<u16>>>,
}

impl PortPool {
    /// A pool on `bind` that tells others to send to `advertised`. Of the `range` only even ports are used, as RFC 3550
    /// wants; a range of `0..=0` lets the operating system choose.
    #[must_use]
    pub fn new(bind: IpAddr, advertised: IpAddr, range: RangeInclusive<u16>) -> Self {
        let free = (*range.end() != 0)
            .then(|| Mutex::new(range.filter(|port| port % 2 == 0 && *port != 0).collect()));
        Self { inner: Arc::new(PoolInner { bind, advertised, free }) }
    }

    /// A bound, non-blocking socket.
    ///
    /// # Errors
    /// When all ports are in use.
    pub fn bind(&self) -> io::Result<RtpSocket> {
        for _ in 0..TRIES_MAX {
            let port = match &self.inner.free {
                Some(free) => {
                    let port = free.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    port.ok_or_else(|| io::Error::new(io::ErrorKind::AddrInUse, "all RTP ports are in use"))?
                }
                None => 0,
            };
            match UdpSocket::bind((self.inner.bind, port)) {
                Ok(socket) => {
                    socket.set_nonblocking(true)?;
                    let local = SocketAddr::new(self.inner.advertised, socket.local_addr()?.port());
                    return Ok(RtpSocket { socket, local, port, pool: self.inner.clone() });
                }
                Err(error) if self.inner.free.is_none() => return Err(error),
                Err(_) => self.inner.give_back(port),
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, "the RTP ports are taken by others"))
    }
}

impl PoolInner {
    fn give_back(&self, port: u16) {
        if let Some(free) = &self.free {
            free.lock().unwrap_or_else(PoisonError::into_inner).push_back(port);
        }
    }
}

/// A socket on a port of the pool.
pub struct RtpSocket {
    socket: UdpSocket,
    local: SocketAddr,
    port: u16,
    pool: Arc<PoolInner>,
}

impl RtpSocket {
    /// Where others are to send to.
    #[must_use]
    pub fn local(&self) -> SocketAddr {
        self.local
    }

    /// The socket.
    #[must_use]
    pub fn socket(&self) -> &UdpSocket {
        &self.socket
    }
}

impl Drop for RtpSocket {
    fn drop(&mut self) {
        self.pool.give_back(self.port);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_even_bounded_and_given_back() {
        let ip: IpAddr = [127, 0, 0, 1].into();
        let pool = PortPool::new(ip, ip, 39_001..=39_005);
        let (one, two) = (pool.bind().unwrap(), pool.bind().unwrap());
        assert!(one.local().port() % 2 == 0 && one.local() != two.local());
        assert!(pool.bind().is_err());
        drop(one);
        assert!(pool.bind().is_ok());
    }
}
