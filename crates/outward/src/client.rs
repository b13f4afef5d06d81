//! One call: resolve, check, connect to what was checked, send, read a bounded answer.

use crate::target::{Reach, Target, TargetError};
use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How many of a name's addresses are tried.
const ADDRESSES_TRIED_MAX: usize = 4;
/// How many headers an answer may have, and how long they may be, all told, in bytes.
const ANSWER_HEADERS_MAX: usize = 64;
const ANSWER_HEAD_BYTES_MAX: usize = 32 * 1024;

/// Time and size of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long connecting to one address may take, with TLS.
    pub connect_max: Duration,
    /// How long the whole call may take.
    pub call_max: Duration,
    /// How much of the answer's body is read; what is longer is cut.
    pub answer_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_max: Duration::from_secs(5),
            call_max: Duration::from_secs(15),
            answer_bytes_max: 16 * 1024,
        }
    }
}

/// Looks names up. The tests have their own, that answers as an attacker's would.
pub trait Resolve: Send + Sync {
    /// The addresses of `host`.
    fn resolve<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;
}

/// The machine's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>> {
        Box::pin(async move {
            Ok(tokio::net::lookup_host((host, port)).await?.map(|address| address.ip()).collect())
        })
    }
}

/// What is to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where to.
    pub target: Target,
    /// How.
    pub method: Method,
    /// Headers beside `Host`, `User-Agent` and `Content-Length`.
    pub headers: HeaderMap,
    /// The body; may be empty.
    pub body: Bytes,
}

/// What came back, whatever the status. A redirect is not followed.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, or its beginning.
    pub body: Bytes,
    /// Whether the body was longer than the limit.
    pub cut: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OutwardError {
    /// The address may not be called.
    #[error("the address {0}")]
    Target(#[from] TargetError),
    /// The name resolves to an address that may not be called.
    #[error("the name leads to an address that is not on the public network")]
    NotPublic,
    /// The name is not known.
    #[error("the name cannot be found")]
    Unknown,
    /// Nobody answers there, or not in TLS with a certificate for that name.
    #[error("no connection: {0}")]
    Connect(String),
    /// The other side broke off or does not speak HTTP.
    #[error("the call broke off: {0}")]
    Broken(String),
    /// It took too long.
    #[error("no answer in time")]
    Timeout,
}

impl OutwardError {
    /// One word for logs and lists.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Target(_) => "address",
            Self::NotPublic => "not_public",
            Self::Unknown => "unknown_name",
            Self::Connect(_) => "connection",
            Self::Broken(_) => "broken",
            Self::Timeout => "timeout",
        }
    }
}

/// An authority's certificate that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct AuthorityError {
    file: String,
    reason: String,
}

/// Calls other systems. Cheap to clone.
#[derive(Clone)]
pub struct Outward {
    reach: Reach,
    limits: Limits,
    tls: Arc<ClientConfig>,
    resolver: Arc<dyn Resolve>,
}

impl std::fmt::Debug for Outward {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outward")
            .field("reach", &self.reach)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

fn tls_config(roots: RootCertStore) -> Arc<ClientConfig> {
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows the protocol's versions");
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

fn usual_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// A TLS connector that trusts the usual authorities, and the one in `authority_file` if given: for connections other
/// than HTTP's.
///
/// # Errors
/// The file cannot be read or holds no certificate.
pub fn connector(authority_file: Option<&Path>) -> Result<TlsConnector, AuthorityError> {
    Ok(TlsConnector::from(tls_config(roots_with(authority_file)?)))
}

fn roots_with(authority_file: Option<&Path>) -> Result<RootCertStore, AuthorityError> {
    let mut roots = usual_roots();
    let Some(file) = authority_file else { return Ok(roots) };
    let refused = |reason: String| AuthorityError { file: file.display().to_string(), reason };
    let pem = std::fs::read(file).map_err(|error| refused(error.to_string()))?;
    let mut found = 0;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| refused(error.to_string()))?;
        roots.add(certificate).map_err(|error| refused(error.to_string()))?;
        found += 1;
    }
    if found == 0 { Err(refused("holds no certificate".to_owned())) } else { Ok(roots) }
}

impl Outward {
    /// A way out that goes as far as `reach`.
    #[must_use]
    pub fn new(reach: Reach) -> Self {
        Self {
            reach,
            limits: Limits::default(),
            tls: tls_config(usual_roots()),
            resolver: Arc::new(SystemResolver),
        }
    }

    /// With other limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With another resolver.
    #[must_use]
    pub fn with_resolver(mut self, resolver: Arc<dyn Resolve>) -> Self {
        self.resolver = resolver;
        self
    }

    /// Trusting also the authority in a PEM file.
    ///
    /// # Errors
    /// The file cannot be read or holds no certificate.
    pub fn with_authority(mut self, file: &Path) -> Result<Self, AuthorityError> {
        self.tls = tls_config(roots_with(Some(file))?);
        Ok(self)
    }

    /// How far it goes.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        self.reach
    }

    /// Makes a call and gives the answer, whatever its status.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn call(&self, call: Call) -> Result<Answer, OutwardError> {
        timeout(self.limits.call_max, self.call_unhurried(call)).await.unwrap_or(Err(OutwardError::Timeout))
    }

    async fn call_unhurried(&self, call: Call) -> Result<Answer, OutwardError> {
        let addresses = self.checked_addresses(&call.target).await?;
        let stream = self.connect(&call.target, &addresses).await?;
        self.exchange(stream, call).await
    }

    /// Every address of the target, each of them allowed. One that is not spoils all: a name of which one half leads
    /// inside is not a mistake.
    async fn checked_addresses(&self, target: &Target) -> Result<Vec<SocketAddr>, OutwardError> {
        let found = match target.literal() {
            Some(address) => vec![address],
            None => {
                let found = self.resolver.resolve(target.host(), target.port()).await;
                found.map_err(|_| OutwardError::Unknown)?
            }
        };
        if found.is_empty() {
            return Err(OutwardError::Unknown);
        }
        if found.iter().any(|address| self.reach.check(*address).is_err()) {
            return Err(OutwardError::NotPublic);
        }
        Ok(found.into_iter().map(|address| SocketAddr::new(address, target.port())).collect())
    }

    async fn connect(&self, target: &Target, to: &[SocketAddr]) -> Result<Box<dyn Stream>, OutwardError> {
        let mut last = OutwardError::Unknown;
        for address in to.iter().take(ADDRESSES_TRIED_MAX) {
            match timeout(self.limits.connect_max, self.connect_one(target, *address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => last = OutwardError::Connect(error.to_string()),
                Err(_) => last = OutwardError::Timeout,
            }
        }
        Err(last)
    }

    async fn connect_one(&self, target: &Target, to: SocketAddr) -> io::Result<Box<dyn Stream>> {
        let tcp = TcpStream::connect(to).await?;
        tcp.set_nodelay(true)?;
        if !target.tls() {
            return Ok(Box::new(tcp));
        }
        let name = match target.literal() {
            Some(address) => ServerName::IpAddress(address.into()),
            None => ServerName::try_from(target.host().trim_end_matches('.').to_owned())
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?,
        };
        Ok(Box::new(TlsConnector::from(Arc::clone(&self.tls)).connect(name, tcp).await?))
    }

    async fn exchange(&self, stream: Box<dyn Stream>, call: Call) -> Result<Answer, OutwardError> {
        let broken = |error: hyper::Error| OutwardError::Broken(error.to_string());
        let (mut sender, connection) = http1::Builder::new()
            .max_headers(ANSWER_HEADERS_MAX)
            .max_buf_size(ANSWER_HEAD_BYTES_MAX)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        // Ends with this call, however it ends: the guard takes the connection with it.
        let _connection = Running(tokio::spawn(async move { drop(connection.await) }));
        let request = request(&call)?;
        let response = sender.send_request(request).await.map_err(broken)?;
        let (parts, mut body) = response.into_parts();
        let mut read = BytesMut::new();
        let mut cut = false;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
            let room = self.limits.answer_bytes_max - read.len();
            read.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() > room {
                cut = true;
                break;
            }
        }
        Ok(Answer { status: parts.status, headers: parts.headers, body: read.freeze(), cut })
    }
}

fn request(call: &Call) -> Result<Request<Full<Bytes>>, OutwardError> {
    let unfit = |error: http::Error| OutwardError::Broken(error.to_string());
    let mut request = Request::builder()
        .method(call.method.clone())
        .uri(call.target.path_and_query())
        .body(Full::new(call.body.clone()))
        .map_err(unfit)?;
    let headers = request.headers_mut();
    *headers = call.headers.clone();
    headers.insert(HOST, HeaderValue::try_from(call.target.host_header()).map_err(|e| unfit(e.into()))?);
    headers.insert(USER_AGENT, HeaderValue::from_static("Lots"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(request)
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A task that does not outlive its owner.
struct Running(tokio::task::JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}
