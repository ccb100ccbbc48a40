//! A blob that is not compressed.

use super::{Ending, Failure, Input, Progress, Unpack, Window};

/// Hands bytes through.
#[derive(Debug)]
pub(crate) struct Plain;

impl<I: Input> Unpack<I> for Plain {
    fn fill(
        &mut self,
        input: &mut I,
        window: &mut Window<'_>,
    ) -> Result<Progress, Failure<I::Error>> {
        loop {
            let target = window.target();
            let room = window.bytes.get_mut(window.end..target).unwrap_or_default();
            let count = room.len().min(input.bytes().len());
            if let (Some(to), Some(from)) = (room.get_mut(..count), input.bytes().get(..count)) {
                to.copy_from_slice(from);
            }
            input.consume(count);
            window.end = window.end.saturating_add(count);
            if window.is_full() {
                return Ok(Progress::Full);
            }
            if input.more().map_err(Failure::Input)? == Ending::Reached && input.bytes().is_empty()
            {
                return Ok(Progress::Finished);
            }
        }
    }
}
