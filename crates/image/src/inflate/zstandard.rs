//! Zstandard blobs (RFC 8878), decoded by libzstd.
//!
//! libzstd rather than a decoder in Rust: it is the reference, and it has been fuzzed for years.
//! Windows up to 128 MiB are opened, as the `zstd` tool does without being asked for more; that memory is
//! spent only where a frame asks for it.

use zstd::stream::raw::{Decoder, InBuffer, Operation, OutBuffer};

use super::{Corrupt, Ending, Failure, Input, Progress, Unpack, Window};

/// `ZSTD_WINDOWLOG_LIMIT_DEFAULT` of libzstd.
const WINDOW_LOG: u32 = 27;

/// A decoder of Zstandard frames.
pub(crate) struct Unzstd {
    decoder: Decoder<'static>,
    /// Whether the input so far ends with a whole frame.
    between_frames: bool,
}

impl Unzstd {
    pub(crate) fn new() -> Result<Self, Corrupt> {
        let fault = |_| Corrupt::Zstd("libzstd gives no decoder");
        let mut decoder = Decoder::new().map_err(fault)?;
        decoder
            .set_parameter(zstd::zstd_safe::DParameter::WindowLogMax(WINDOW_LOG))
            .map_err(fault)?;
        Ok(Self {
            decoder,
            between_frames: true,
        })
    }
}

impl<I: Input> Unpack<I> for Unzstd {
    fn fill(
        &mut self,
        input: &mut I,
        window: &mut Window<'_>,
    ) -> Result<Progress, Failure<I::Error>> {
        loop {
            let target = window.target();
            let room = window.bytes.get_mut(window.end..target).unwrap_or_default();
            let mut from = InBuffer::around(input.bytes());
            let mut to = OutBuffer::around(room);
            let hint = self
                .decoder
                .run(&mut from, &mut to)
                .map_err(|error| Failure::Corrupt(Corrupt::Zstd(reason(&error))))?;
            let (taken, given) = (from.pos(), to.pos());
            input.consume(taken);
            window.end = window.end.saturating_add(given);
            if taken > 0 || given > 0 {
                self.between_frames = hint == 0;
            }
            if window.is_full() {
                return Ok(Progress::Full);
            }
            if !input.bytes().is_empty() && (taken > 0 || given > 0) {
                continue;
            }
            if input.more().map_err(Failure::Input)? == Ending::Reached && input.bytes().is_empty()
            {
                if given > 0 {
                    continue;
                }
                return if self.between_frames {
                    Ok(Progress::Finished)
                } else {
                    Err(Corrupt::Truncated.into())
                };
            }
        }
    }
}

/// A fixed name for what libzstd says, so that the error is plain data.
fn reason(error: &std::io::Error) -> &'static str {
    let text = error.to_string();
    [
        (
            "Frame requires too much memory for decoding",
            "a frame wants a window of more than 128 MiB",
        ),
        ("Unknown frame descriptor", "bytes that are no frame"),
        (
            "Restored data doesn't match checksum",
            "the checksum of a frame does not match",
        ),
        ("Dictionary mismatch", "a frame wants a dictionary"),
    ]
    .into_iter()
    .find_map(|(theirs, ours)| text.contains(theirs).then_some(ours))
    .unwrap_or("a frame is damaged")
}
