//! The gzip format, without compression: enough for a reader that undoes it, and to confuse one that does not (RFC 1952).

/// One member that holds `bytes` in stored blocks.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    if blocks.peek().is_none() {
        stored(&mut out, &[], true);
    }
    while let Some(block) = blocks.next() {
        stored(&mut out, block, blocks.peek().is_none());
    }
    out.extend(checksum(bytes).to_le_bytes());
    // The length is told modulo 2 to the power of 32.
    out.extend(u32::try_from(bytes.len() & 0xFFFF_FFFF).unwrap_or_default().to_le_bytes());
    out
}

fn stored(out: &mut Vec<u8>, block: &[u8], last: bool) {
    let length = u16::try_from(block.len()).unwrap_or_default();
    out.push(u8::from(last));
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(block);
}

/// CRC-32 as gzip, Ethernet and others have it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
        assert_eq!(checksum(b""), 0);
    }

    #[test]
    fn the_parts_are_where_the_format_has_them() {
        for length in [0, 1, 65_535, 65_536, 200_000] {
            let bytes = vec![b'a'; length];
            let member = gzip(&bytes);
            let blocks = length.div_ceil(65_535).max(1);
            assert_eq!(member.len(), 10 + 5 * blocks + length + 8);
            assert_eq!(member[..3], [0x1F, 0x8B, 8]);
            assert_eq!(member[member.len() - 4..], u32::try_from(length).unwrap().to_le_bytes());
        }
        assert_eq!(gzip(b"hi")[10..15], [1, 2, 0, 0xFD, 0xFF], "the only block is the last");
    }
}
