//! What an archive is, by its first bytes.

use serde::{Deserialize, Serialize};

use super::error::DownloadError;

/// What an archive is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    Zip,
    TarGz,
    /// A tar that is not compressed, or that a proxy has decompressed.
    Tar,
    /// No archive: a file of its own, as it lies on the server.
    File,
}

impl Format {
    /// Tells the format by the first bytes; a web page instead of an archive is the classic failure.
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
            Some(b'<') => "A web page came instead of the archive",
            Some(b'{' | b'[') => "A message from the server came instead of the archive",
            Some(_) => "Unknown archive format",
        };
        Err(DownloadError::NoArchive { what })
    }

    /// The ending of the archive's name.
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
            (&b" {\"detail\": \"no\"}"[..], "A message from the server"),
            (b"", "answer was empty"),
            (b"\x00\x01", "Unknown archive format"),
        ] {
            let error = Format::sniff(first).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
