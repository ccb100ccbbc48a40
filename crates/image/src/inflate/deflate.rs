//! The seam between the gzip container and what decodes DEFLATE.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Corrupt, Ending, Window};

/// Where a DEFLATE decoder stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// More input is wanted; some of what was given may be unconsumed.
    Starved,
    /// The window is full.
    Full,
    /// The stream is at its end; what follows it is unconsumed.
    Done,
}

/// A decoder of DEFLATE streams (RFC 1951) that is fed piece by piece.
pub(crate) trait RawInflate: Send {
    /// Forgets everything: a new stream begins.
    fn reset(&mut self);

    /// Decodes from `input[*at..]` into `window`. `ending` says whether `input` is all there is; while it is
    /// not, the decoder may leave up to [`LOOKAHEAD`] bytes and ask for more.
    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        ending: Ending,
        window: &mut Window<'_>,
    ) -> Result<Stop, Corrupt>;
}

/// As many input bytes as the longest block header can have, and then some: 14 bits, 19 code lengths of 3 bits, and 316
/// lengths of at most 7 + 7 bits are 562 bytes.
pub(crate) const LOOKAHEAD: usize = 1024;

/// zlib-rs behind the seam. It keeps its own history.
#[derive(Debug)]
pub(crate) struct ZlibRs(Decompress);

impl ZlibRs {
    pub(crate) fn new() -> Self {
        Self(Decompress::new(false))
    }
}

impl RawInflate for ZlibRs {
    fn reset(&mut self) {
        self.0.reset(false);
    }

    fn run(
        &mut self,
        input: &[u8],
        at: &mut usize,
        ending: Ending,
        window: &mut Window<'_>,
    ) -> Result<Stop, Corrupt> {
        loop {
            let target = window.target();
            let (before_in, before_out) = (self.0.total_in(), self.0.total_out());
            let room = window.bytes.get_mut(window.end..target).unwrap_or_default();
            let rest = input.get(*at..).unwrap_or_default();
            let status = self
                .0
                .decompress(rest, room, FlushDecompress::None)
                .map_err(|_| Corrupt::Deflate)?;
            let taken = usize::try_from(self.0.total_in().wrapping_sub(before_in)).unwrap_or(0);
            let given = usize::try_from(self.0.total_out().wrapping_sub(before_out)).unwrap_or(0);
            *at = at.saturating_add(taken);
            window.end = window.end.saturating_add(given);
            match status {
                Status::StreamEnd => return Ok(Stop::Done),
                _ if window.is_full() => return Ok(Stop::Full),
                _ if taken > 0 || given > 0 => {}
                _ if ending == Ending::Reached => return Err(Corrupt::Truncated),
                _ => return Ok(Stop::Starved),
            }
        }
    }
}
