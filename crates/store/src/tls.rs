//! Connections to PostgreSQL, plain or over TLS, as `sslmode` and `sslrootcert` of the address say. The
//! words and their meaning are PostgreSQL's own (its manual, "SSL Support" of libpq):
//!
//! | `sslmode` | encrypted | who answers |
//! |---|---|---|
//! | `disable` | no | anybody |
//! | `prefer` (or none, `allow`) | when the server can | anybody |
//! | `require` | yes | anybody; whoever `sslrootcert` vouches for when it is given |
//! | `verify-ca` | yes | whoever `sslrootcert`, or else the machine's store, vouches for |
//! | `verify-full` | yes | the same, and the certificate is for this host |

use gongyu_kernel::{Error, Result};
use postgres::config::SslMode;
use postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use postgres::{Client, Config, NoTls};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    self, CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};

/// How far the server is trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// An address without what concerns TLS, and that beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Wanted {
    address: String,
    mode: Mode,
    roots: Option<String>,
}

impl Wanted {
    /// Reads both forms of an address: `postgres://…?sslmode=…` and `host=… sslmode=…`.
    fn of(url: &str) -> Result<Self> {
        let (mut mode, mut roots) = (Mode::Prefer, None);
        let mut keep = |pair: &str| -> Result<bool> {
            match pair.split_once('=') {
                Some(("sslmode", word)) => {
                    mode = match word {
                        "disable" => Mode::Disable,
                        "allow" | "prefer" => Mode::Prefer,
                        "require" => Mode::Require,
                        "verify-ca" => Mode::VerifyCa,
                        "verify-full" => Mode::VerifyFull,
                        other => return Err(Error::internal(format!("sslmode={other} is not known"))),
                    };
                    Ok(false)
                }
                Some(("sslrootcert", path)) => {
                    roots = (path != "system").then(|| path.replace("%2F", "/").replace("%2f", "/"));
                    Ok(false)
                }
                _ => Ok(true),
            }
        };
        let address = if let Some((front, query)) = url.split_once('?') {
            let mut rest = Vec::new();
            for pair in query.split('&') {
                if keep(pair)? {
                    rest.push(pair);
                }
            }
            if rest.is_empty() { front.to_owned() } else { format!("{front}?{}", rest.join("&")) }
        } else if url.contains("://") {
            url.to_owned()
        } else {
            let mut rest = Vec::new();
            for pair in url.split_whitespace() {
                if keep(pair)? {
                    rest.push(pair);
                }
            }
            rest.join(" ")
        };
        if mode == Mode::Require && roots.is_some() {
            mode = Mode::VerifyCa;
        }
        Ok(Self { address, mode, roots })
    }
}

/// An address as the programs of PostgreSQL take it, apart from what concerns TLS: the rest, the word of
/// `sslmode`, the file of `sslrootcert`.
///
/// # Errors
/// `Error::Internal` for a word that is not known.
pub(crate) fn parts(url: &str) -> Result<(String, &'static str, Option<String>)> {
    let wanted = Wanted::of(url)?;
    let mode = match wanted.mode {
        Mode::Disable => "disable",
        Mode::Prefer => "prefer",
        Mode::Require => "require",
        Mode::VerifyCa => "verify-ca",
        Mode::VerifyFull => "verify-full",
    };
    let checked = matches!(wanted.mode, Mode::VerifyCa | Mode::VerifyFull);
    let roots = wanted.roots.or_else(|| checked.then(|| "system".to_owned()));
    Ok((wanted.address, mode, roots))
}

/// Opens a connection as its address asks.
///
/// # Errors
/// `Error::Busy` when the server cannot be reached just now, `Error::Internal` when the address, a
/// certificate or the sign-in is refused.
pub(crate) fn connect(url: &str) -> Result<Client> {
    let wanted = Wanted::of(url)?;
    let mut config: Config = wanted.address.parse().map_err(crate::pg::error)?;
    if wanted.mode == Mode::Disable {
        return config.ssl_mode(SslMode::Disable).connect(NoTls).map_err(crate::pg::error);
    }
    config.ssl_mode(if wanted.mode == Mode::Prefer { SslMode::Prefer } else { SslMode::Require });
    config.connect(Tls { config: client_config(&wanted)? }).map_err(crate::pg::error)
}

/// As `connect`, for a thread that drives its connection itself: runs inside that thread's runtime.
///
/// # Errors
/// As `connect`.
pub(crate) async fn start(url: &str) -> Result<tokio_postgres::Client> {
    let wanted = Wanted::of(url)?;
    let mut config: tokio_postgres::Config = wanted.address.parse().map_err(crate::pg::error)?;
    if wanted.mode == Mode::Disable {
        let joined = config.ssl_mode(SslMode::Disable).connect(NoTls).await;
        let (client, connection) = joined.map_err(crate::pg::error)?;
        tokio::spawn(driven(connection));
        return Ok(client);
    }
    config.ssl_mode(if wanted.mode == Mode::Prefer { SslMode::Prefer } else { SslMode::Require });
    let joined = config.connect(Tls { config: client_config(&wanted)? }).await;
    let (client, connection) = joined.map_err(crate::pg::error)?;
    tokio::spawn(driven(connection));
    Ok(client)
}

async fn driven(connection: impl Future<Output = std::result::Result<(), tokio_postgres::Error>>) {
    if let Err(e) = connection.await {
        tracing::warn!(error = %e, "a connection to the database ended");
    }
}

fn client_config(wanted: &Wanted) -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(ring::default_provider());
    let chain = match wanted.mode {
        Mode::VerifyCa | Mode::VerifyFull => {
            let roots = Arc::new(roots(wanted.roots.as_deref())?);
            let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider.clone());
            Some(verifier.build().map_err(Error::internal)?)
        }
        _ => None,
    };
    let verifier = Trust { chain, any_name: wanted.mode != Mode::VerifyFull, provider: provider.clone() };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The certificates of a PEM file, or the machine's own.
fn roots(path: Option<&str>) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    let found: Vec<CertificateDer<'static>> = match path {
        Some(path) => CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect)
            .map_err(|e| Error::internal(format!("sslrootcert {path}: {e}")))?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    let (added, _) = store.add_parsable_certificates(found);
    if added == 0 { Err(Error::internal("no certificate to trust the database server by")) } else { Ok(store) }
}

/// Who may answer.
#[derive(Debug)]
struct Trust {
    /// Checks the chain; `None` where anybody may answer.
    chain: Option<Arc<WebPkiServerVerifier>>,
    /// A certificate for another host is good enough.
    any_name: bool,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end, between, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.any_name => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[derive(Clone)]
struct Tls {
    config: Arc<ClientConfig>,
}

struct Connector {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl<S> MakeTlsConnect<S> for Tls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Secured<S>;
    type TlsConnect = Connector;
    type Error = io::Error;

    fn make_tls_connect(&mut self, domain: &str) -> io::Result<Connector> {
        let name = ServerName::try_from(domain.to_owned()).map_err(io::Error::other)?;
        Ok(Connector { config: self.config.clone(), name })
    }
}

impl<S> TlsConnect<S> for Connector
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Secured<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Secured<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let connector = tokio_rustls::TlsConnector::from(self.config);
        Box::pin(async move { connector.connect(self.name, stream).await.map(Secured) })
    }
}

/// A stream under TLS.
struct Secured<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Secured<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Secured<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Secured<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(url: &str) -> (String, Mode, Option<String>) {
        let w = Wanted::of(url).unwrap();
        (w.address, w.mode, w.roots)
    }

    #[test]
    fn what_concerns_tls_is_taken_out_of_both_forms_of_an_address() {
        let url = "postgres://g@db.invalid/gongyu?sslmode=verify-full&application_name=x&sslrootcert=/etc/ca.pem";
        let plain = "postgres://g@db.invalid/gongyu?application_name=x".to_owned();
        assert_eq!(wanted(url), (plain, Mode::VerifyFull, Some("/etc/ca.pem".to_owned())));
        let pairs = "host=db.invalid sslmode=require user=g";
        assert_eq!(wanted(pairs), ("host=db.invalid user=g".to_owned(), Mode::Require, None));
    }

    #[test]
    fn without_a_word_tls_is_preferred_and_with_a_root_it_is_checked() {
        assert_eq!(wanted("postgres://g@db.invalid/gongyu").1, Mode::Prefer);
        assert_eq!(wanted("postgres://g@db.invalid/g?sslmode=require&sslrootcert=ca.pem").1, Mode::VerifyCa);
        assert_eq!(wanted("postgres://g@db.invalid/g?sslmode=verify-ca&sslrootcert=system").2, None);
    }

    #[test]
    fn a_word_nobody_knows_is_refused_rather_than_taken_for_plain() {
        assert!(Wanted::of("postgres://g@db.invalid/g?sslmode=requird").is_err());
    }
}
