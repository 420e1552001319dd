//! The format of an archive, by its first bytes.

use serde::{Deserialize, Serialize};

use super::error::DownloadError;

/// The format of an archive, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    Zip,
    TarGz,
    /// A tar that is not compressed, or that a proxy has decompressed.
    Tar,
    /// Not an archive: a single file, as it is on the server.
    File,
}

impl Format {
    /// Detects the format by the first bytes; a web page instead of an archive is the classic failure.
    pub(super) fn sniff(first: &[u8]) -> Result<Self, DownloadError> {
        if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
            return Ok(Self::Zip);
        }
        if first.starts_with(&[0x1f, 0x8b]) {
            return Ok(Self::TarGz);
        }
        if first.get(257..262) == Some(b"ustar") {
            return Ok(Self::Tar);
        }
        if let Some(what) = unsupported(first) {
            return Err(DownloadError::Unsupported {
                what: what.to_owned(),
            });
        }
        let what = match first.trim_ascii_start().first() {
            None => "The server's answer was empty",
            Some(b'<') => "The server sent a web page instead of the archive",
            Some(b'{' | b'[') => "The server sent a message instead of the archive",
            Some(_) => "Unknown archive format",
        };
        Err(DownloadError::NotAnArchive { what: what.into() })
    }

    /// Returns the file extension of the archive.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Zip => ".zip",
            Self::TarGz => ".tar.gz",
            Self::Tar => ".tar",
            Self::File => "",
        }
    }
}

/// Returns the name of a format that archives can have, and that no Fragalysis server uses.
fn unsupported(first: &[u8]) -> Option<&'static str> {
    let magics: [(&[u8], &str); 5] = [
        (b"BZh", "it is compressed with bzip2"),
        (b"\xfd7zXZ\0", "it is compressed with xz"),
        (b"\x28\xb5\x2f\xfd", "it is compressed with zstd"),
        (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive"),
        (b"Rar!", "it is a rar archive"),
    ];
    let found = magics.iter().find(|(magic, _)| first.starts_with(magic));
    found.map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_bytes_tell_what_it_is() {
        assert_eq!(Format::sniff(b"PK\x03\x04...").unwrap(), Format::Zip);
        assert_eq!(Format::sniff(&[0x1f, 0x8b, 8]).unwrap(), Format::TarGz);
        let page = Format::sniff(b"\n<!doctype html>").unwrap_err();
        assert!(page.to_string().contains("web page"), "{page}");
        for (first, words) in [
            (&b" {\"detail\": \"no\"}"[..], "The server sent a message"),
            (b"", "answer was empty"),
            (b"\x00\x01", "Unknown archive format"),
            (
                b"BZh91AY&SY",
                "does not support: it is compressed with bzip2",
            ),
            (b"\xfd7zXZ\0\0", "compressed with xz"),
        ] {
            let error = Format::sniff(first).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
