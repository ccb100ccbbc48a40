//! Copying a match inside the window.

#![allow(clippy::inline_always, reason = "part of the inner loop; measured")]

/// Copies `length` bytes (3 to 258) from `distance` bytes before `at` to `at`, where source and destination
/// may overlap (RFC 1951, section 2: "the string `abab…`"). Writes in words, hence up to 31 bytes beyond the
/// end of the match: the caller keeps that much room, and writes over it later.
///
/// The caller has checked that `distance` is not larger than `at`.
#[inline(always)]
pub(super) fn copy_match(window: &mut [u8], at: usize, distance: usize, length: usize) {
    let from = at.wrapping_sub(distance);
    if distance >= 16 {
        // Most matches are short: two words without asking, and no loop.
        copy_16(window, from, at);
        copy_16(window, from.wrapping_add(16), at.wrapping_add(16));
        let mut done = 32;
        while done < length {
            copy_16(window, from.wrapping_add(done), at.wrapping_add(done));
            done = done.wrapping_add(16);
        }
    } else if distance == 1 {
        let byte = window.get(from).copied().unwrap_or_default();
        if let Some(run) = window.get_mut(at..at.wrapping_add(length)) {
            run.fill(byte);
        }
    } else {
        copy_pattern(window, at, distance, length);
    }
}

/// [`copy_match`] for a match of more than 32 bytes: in one piece where nothing overlaps.
///
/// Like [`copy_near`] it is not inlined, so that the inner loop has the registers for the matches that are neither.
#[inline(never)]
pub(super) fn copy_long(window: &mut [u8], at: usize, distance: usize, length: usize) {
    if distance >= length
        && let Some((before, behind)) = window.split_at_mut_checked(at)
        && let Some(source) = before.get(at.wrapping_sub(distance)..)
        && let (Some(source), Some(target)) = (source.get(..length), behind.get_mut(..length))
    {
        target.copy_from_slice(source);
    } else {
        copy_match(window, at, distance, length);
    }
}

/// [`copy_match`] for a match whose source is not 32 bytes before it, and may overlap with it.
#[inline(never)]
pub(super) fn copy_near(window: &mut [u8], at: usize, distance: usize, length: usize) {
    copy_match(window, at, distance, length);
}

/// The part of [`copy_match`] for distances from 2 to 15.
#[inline]
fn copy_pattern(window: &mut [u8], at: usize, distance: usize, length: usize) {
    let from = at.wrapping_sub(distance);
    let end = at.wrapping_add(length);
    let mut to = at;
    let mut period = distance;
    // Each step doubles what repeats, until a word of it can be copied at once.
    while period < 8 {
        copy_8(window, from, to);
        to = to.wrapping_add(period);
        period = period.wrapping_mul(2);
    }
    let lag = to.wrapping_sub(from);
    while to < end {
        copy_8(window, to.wrapping_sub(lag), to);
        to = to.wrapping_add(8);
    }
}

#[inline]
fn copy_8(window: &mut [u8], from: usize, to: usize) {
    if let Some(&word) = window.get(from..).and_then(|rest| rest.first_chunk::<8>())
        && let Some(place) = window
            .get_mut(to..)
            .and_then(|rest| rest.first_chunk_mut::<8>())
    {
        *place = word;
    }
}

#[inline]
fn copy_16(window: &mut [u8], from: usize, to: usize) {
    if let Some(&word) = window.get(from..).and_then(|rest| rest.first_chunk::<16>())
        && let Some(place) = window
            .get_mut(to..)
            .and_then(|rest| rest.first_chunk_mut::<16>())
    {
        *place = word;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_distance_and_length_copies_as_byte_by_byte() {
        for distance in 1..=64 {
            for length in 3..=258 {
                let window: Vec<u8> = (0..1000)
                    .map(|n| u8::try_from(n * 7 % 251).unwrap())
                    .collect();
                let mut expected = window.clone();
                for n in 100..100 + length {
                    expected[n] = expected[n - distance];
                }
                for copy in [copy_match, copy_long, copy_near] {
                    let mut window = window.clone();
                    copy(&mut window, 100, distance, length);
                    assert_eq!(
                        window[..100 + length],
                        expected[..100 + length],
                        "{distance} {length}"
                    );
                    assert_eq!(window[100 + length + 32..], expected[100 + length + 32..]);
                }
            }
        }
    }
}
