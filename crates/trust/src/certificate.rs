//! Certificates (RFC 5280) of those who sign: chains, which `webpki` verifies, and whose name is in them, which it does
//! not show (Fulcio, `docs/oid-info.md`).

use std::time::Duration;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::asn1::{self, Node, OCTET_STRING, OID, SEQUENCE, UTF8_STRING};
use crate::key::PublicKey;

/// Most certificates of one chain.
pub(crate) const MOST: usize = 16;

/// `subjectAltName` (RFC 5280, section 4.2.1.6).
const ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
/// 1.3.6.1.4.1.57264.1.1, the issuer as Fulcio wrote it at first, and .8, as it does today.
const ISSUER_V1: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, 0x01];
const ISSUER_V2: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, 0x08];
/// 1.3.6.1.4.1.57264.1.7, a name of the kind `otherName` that Fulcio gives.
const FULCIO_NAME: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, 0x07];
/// 1.3.6.1.4.1.11129.2.4.2 (RFC 6962, section 3.3).
const PROMISES: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x02];
/// `id-kp-codeSigning` and `id-kp-timeStamping` (RFC 5280, section 4.2.1.12).
pub(crate) const CODE_SIGNING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];
pub(crate) const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// A certificate that was read and not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    /// `SubjectPublicKeyInfo`.
    pub(crate) info: Vec<u8>,
    /// Ids and values of its extensions.
    extensions: Vec<(Vec<u8>, Vec<u8>)>,
    /// What a log of certificates signed: the certificate to be, without the promises of logs.
    pub(crate) before_promises: Vec<u8>,
}

impl Certificate {
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let whole = asn1::node(der)?.open(SEQUENCE)?;
        let body = whole.first()?;
        let fields = body.open(SEQUENCE)?;
        // The version of all that have extensions, and of all that webpki takes.
        if fields.first()?.tag != 0xa0 {
            return None;
        }
        let list = fields.iter().find(|field| field.tag == 0xa3)?;
        let list = asn1::node(list.value)?.open(SEQUENCE)?;
        let mut extensions = Vec::new();
        let mut kept = Vec::new();
        for one in &list {
            let parts = one.open(SEQUENCE)?;
            let id = parts.first()?.content(OID)?;
            let value = parts.last()?.content(OCTET_STRING)?;
            extensions.push((id.to_vec(), value.to_vec()));
            if id != PROMISES {
                kept.extend_from_slice(one.whole);
            }
        }
        let kept = asn1::wrap(0xa3, &asn1::wrap(SEQUENCE, &kept));
        let parts: Vec<&[u8]> = fields
            .iter()
            .map(|field| match field.tag {
                0xa3 => kept.as_slice(),
                _ => field.whole,
            })
            .collect();
        Some(Self {
            der: der.to_vec(),
            issuer: fields.get(3)?.whole.to_vec(),
            subject: fields.get(5)?.whole.to_vec(),
            info: fields.get(6)?.whole.to_vec(),
            before_promises: asn1::wrap(SEQUENCE, &parts.concat()),
            extensions,
        })
    }

    /// The certificates of a PEM file, in its order; `None` if one cannot be read or there is none.
    pub(crate) fn from_pem(pem: &[u8]) -> Option<Vec<Self>> {
        let mut found = Vec::new();
        for one in CertificateDer::pem_slice_iter(pem) {
            if found.len() >= MOST {
                return None;
            }
            found.push(Self::from_der(&one.ok()?)?);
        }
        (!found.is_empty()).then_some(found)
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn key(&self) -> Option<PublicKey> {
        PublicKey::from_der(&self.info).ok()
    }

    fn extension(&self, id: &[u8]) -> Option<&[u8]> {
        let found = self.extensions.iter().find(|(own, _)| own == id);
        found.map(|(_, value)| value.as_slice())
    }

    /// The names of whom it was given to: addresses of mail and of the web, and what Fulcio calls by neither.
    pub(crate) fn names(&self) -> Vec<String> {
        let Some(names) = self.extension(ALT_NAME).and_then(asn1::node) else {
            return Vec::new();
        };
        let names = names.open(SEQUENCE).unwrap_or_default();
        names.iter().filter_map(name).collect()
    }

    /// Who said who that is.
    pub(crate) fn identity_issuer(&self) -> Option<String> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        match self.extension(ISSUER_V2) {
            Some(value) => text(asn1::node(value)?.content(UTF8_STRING)?),
            None => text(self.extension(ISSUER_V1)?),
        }
    }

    /// What logs of certificates promised (RFC 6962, section 3.3): a list of texts in an octet string.
    pub(crate) fn promises(&self) -> Option<&[u8]> {
        asn1::node(self.extension(PROMISES)?)?.content(OCTET_STRING)
    }
}

/// A name (RFC 5280, section 4.2.1.6): `otherName` is [0], `rfc822Name` [1], `uniformResourceIdentifier` [6].
fn name(node: &Node<'_>) -> Option<String> {
    match node.tag {
        0x81 | 0x86 => String::from_utf8(node.value.to_vec()).ok(),
        0xa0 => {
            let parts = asn1::nodes(node.value)?;
            let [id, value] = parts.as_slice() else {
                return None;
            };
            if id.content(OID)? != FULCIO_NAME || value.tag != 0xa0 {
                return None;
            }
            let text = asn1::node(value.value)?.content(UTF8_STRING)?;
            String::from_utf8(text.to_vec()).ok()
        }
        _ => None,
    }
}

/// Proves that `leaf` may do what `usage` says, at `seconds` since 1970, by a chain to one of `anchors`.
pub(crate) fn chain(
    leaf: &Certificate,
    between: &[Certificate],
    anchors: &[&Certificate],
    usage: KeyUsage,
    seconds: i64,
) -> Result<(), String> {
    let seconds = u64::try_from(seconds).map_err(|_| "it is of a time before 1970".to_owned())?;
    let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let der = CertificateDer::from(leaf.der());
    let end = EndEntityCert::try_from(&der).map_err(|error| error.to_string())?;
    let own: Vec<CertificateDer<'_>> = anchors
        .iter()
        .map(|one| CertificateDer::from(one.der()))
        .collect();
    let anchors = own
        .iter()
        .map(anchor_from_trusted_cert)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    let between: Vec<CertificateDer<'_>> = between
        .iter()
        .take(MOST)
        .map(|one| CertificateDer::from(one.der()))
        .collect();
    end.verify_for_usage(
        ALL_VERIFICATION_ALGS,
        &anchors,
        &between,
        time,
        usage,
        None,
        None,
    )
    .map(|_| ())
    .map_err(|error| error.to_string())
}
