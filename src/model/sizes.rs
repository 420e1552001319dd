//! Amounts in words: bytes, counts, plurals. One place, so that the window and the command line agree.

use bytesize::ByteSize;

/// `4.8 MB`: decimal units, as disks and networks are sold.
pub fn byte_text(bytes: u64) -> String {
    ByteSize::b(bytes)
        .display()
        .si()
        .to_string()
        .replace("kB", "KB")
}

/// `8,803`: thousands apart.
pub fn count_text(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 file`, `1,204 files`.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        count_text(count),
        if count == 1 { one } else { many }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(byte_text(4_800_060), "4.8 MB");
        assert_eq!(byte_text(12), "12 B");
        assert_eq!(count_text(8803), "8,803");
        assert_eq!(count_text(999), "999");
        assert_eq!(plural(1, "file", "files"), "1 file");
        assert_eq!(plural(1_204_000, "file", "files"), "1,204,000 files");
    }
}
