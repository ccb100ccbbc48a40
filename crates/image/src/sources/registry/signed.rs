//! A registry's repository as a shelf of what may be signed.

use std::io::Read as _;

use plimsoll_model::Digest;
use plimsoll_net::{Answer, Response, Url};

use super::session::{self, Session};
use super::{Store, accepted};
use crate::error::ImageError;
use crate::media::MAX_DOCUMENT;
use crate::signed::{Entry, Listing, Shelf, Whole, tag_of};
use crate::source::{Blob, BlobStore as _};

/// Most pages of one list behind the first; what is beyond is told.
const MOST_PAGES: usize = 32;

/// The documents of one repository.
pub(super) struct Repository<'a> {
    pub(super) session: &'a Session,
    pub(super) store: &'a Store,
}

/// A document of the registry.
struct Document {
    bytes: Vec<u8>,
    /// Where it goes on, if it does (OCI distribution specification 1.1, "Listing Referrers"; RFC 8288). `Err` where
    /// that was not understood.
    next: Result<Option<Url>, ()>,
}

impl Repository<'_> {
    /// A document; `None` where the registry has none.
    fn document(&self, target: &str) -> Result<Option<Document>, ImageError> {
        let object = self.object(target);
        let asked = self
            .session
            .get(target, &object, Answer::Document, &accepted());
        match asked {
            Ok(response) => read(response, &object).map(Some),
            Err(ImageError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn object(&self, target: &str) -> String {
        format!("`{target}` of `{}`", self.session.repository())
    }

    /// What a list has on its next pages, and whether that is all.
    fn pages(
        &self,
        mut next: Result<Option<Url>, ()>,
        object: &str,
    ) -> Result<(Vec<Entry>, Whole), ImageError> {
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            let url = match next {
                Ok(Some(url)) => url,
                Ok(None) => return Ok((all, Whole::Yes)),
                Err(()) => break,
            };
            let asked = self
                .session
                .get_below(&url, object, Answer::Document, &accepted())?;
            let Some(response) = asked else { break };
            let page = read(response, object)?;
            let listing = Listing::parse(&page.bytes, object)?;
            all.extend(listing.manifests.unwrap_or_default());
            next = page.next;
        }
        Ok((all, Whole::No))
    }
}

fn read(response: Response, object: &str) -> Result<Document, ImageError> {
    let link = response.headers.get("link").map(next_link);
    let next = match link {
        None | Some(Ok(None)) => Ok(None),
        Some(Ok(Some(target))) => response.url.join(target).map(Some).map_err(|_| ()),
        Some(Err(())) => Err(()),
    };
    let bytes = response
        .bytes(MAX_DOCUMENT)
        .map_err(|error| session::translate(error, object))?;
    Ok(Document { bytes, next })
}

/// The target of the link to what comes next (RFC 8288, section 3): `<target>; rel="next"`.
fn next_link(header: &str) -> Result<Option<&str>, ()> {
    let mut rest = header;
    while let Some((_, from)) = rest.split_once('<') {
        let (target, behind) = from.split_once('>').ok_or(())?;
        let own = behind.split('<').next().unwrap_or_default();
        let is_next = own.split([';', ',']).any(|part| {
            let part = part.split_once('=');
            part.is_some_and(|(key, value)| {
                let mut kinds = value.trim().trim_matches('"').split_whitespace();
                key.trim().eq_ignore_ascii_case("rel")
                    && kinds.any(|kind| kind.eq_ignore_ascii_case("next"))
            })
        });
        if is_next {
            return Ok(Some(target));
        }
        rest = behind;
    }
    Ok(None)
}

impl Shelf for Repository<'_> {
    fn manifest(&self, digest: &Digest) -> Result<Option<Vec<u8>>, ImageError> {
        let found = self.document(&format!("manifests/{digest}"))?;
        Ok(found.map(|found| found.bytes))
    }

    fn tagged(&self, tag: &str) -> Result<Vec<Vec<u8>>, ImageError> {
        let found = self.document(&format!("manifests/{tag}"))?;
        Ok(found.map(|found| found.bytes).into_iter().collect())
    }

    fn referrers(&self, subject: &Digest) -> Result<(Vec<Entry>, Whole), ImageError> {
        let target = format!("referrers/{subject}");
        let (name, found) = match self.document(&target) {
            Ok(Some(found)) => (target, Some(found)),
            // Registries that do not know them answer with 404, and some with another error.
            Ok(None) | Err(ImageError::Malformed { .. } | ImageError::Unreachable { .. }) => {
                let target = format!("manifests/{}", tag_of(subject));
                let found = self.document(&target)?;
                (target, found)
            }
            Err(error) => return Err(error),
        };
        let Some(found) = found else {
            return Ok((Vec::new(), Whole::Yes));
        };
        let object = self.object(&name);
        let listing = Listing::parse(&found.bytes, &object)?;
        let mut all = listing.manifests.unwrap_or_default();
        let (more, whole) = self.pages(found.next, &object)?;
        all.extend(more);
        Ok((all, whole))
    }

    fn blob(&self, digest: &Digest, size: u64) -> Result<Vec<u8>, ImageError> {
        let blob = Blob::Stored(digest.clone());
        let object = self.store.describe(&blob);
        let mut bytes = Vec::new();
        self.store
            .open(&blob)?
            .take(size.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| ImageError::io(&object, error))?;
        Ok(bytes)
    }

    fn describe(&self, digest: &Digest) -> String {
        self.store.describe(&Blob::Stored(digest.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::next_link;

    #[test]
    fn the_next_page_is_found_among_links() {
        for (header, next) in [
            (
                "</v2/a/referrers/b?last=c>; rel=\"next\"",
                Ok(Some("/v2/a/referrers/b?last=c")),
            ),
            (
                "<a>; rel=prev, <b>; title=x; REL=\"last next\"",
                Ok(Some("b")),
            ),
            ("<a>; rel=\"prev\"", Ok(None)),
            ("", Ok(None)),
            ("<a; rel=next", Err(())),
        ] {
            assert_eq!(next_link(header), next, "{header}");
        }
    }
}
