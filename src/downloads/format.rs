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
        let what = match first.trim_ascii_start().first() {
            None => "The server's answer was empty",
            Some(b'<') => "The server sent a web page instead of the archive",
            Some(b'{' | b'[') => "The server sent a message instead of the archive",
            Some(_) => "Unknown archive format",
        };
        Err(DownloadError::NotAnArchive { what })
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
        ] {
            let error = Format::sniff(first).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
