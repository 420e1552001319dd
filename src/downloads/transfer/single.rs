//! Files that are fetched one by one, as they are on the server. The server offers no checksum for them: it is
//! checked that everything announced has arrived, and that the file begins as its type requires.

use crate::{
    dataset::is_like,
    downloads::{DownloadError, format::Format},
    model::MediaFile,
};

/// Checks the first bytes: an error page must not be saved as a structure.
pub(super) fn look(file: &MediaFile, first: &[u8]) -> Result<Format, DownloadError> {
    let name = file.name().as_str().to_lowercase();
    let is_page = first.trim_ascii_start().starts_with(b"<");
    let may_be_page = [".svg", ".xml", ".html", ".htm"]
        .iter()
        .any(|ending| name.ends_with(ending));
    if is_page && !may_be_page {
        return Err(DownloadError::NotAnArchive {
            what: "The server sent a web page instead of the file".into(),
        });
    }
    if !is_like(&name, first) {
        return Err(DownloadError::NotAnArchive {
            what: "The file's content does not match its type".into(),
        });
    }
    Ok(Format::File)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_that_does_not_match_the_type_is_refused() {
        let look = |name: &str, first: &[u8]| {
            let file = MediaFile::of_link(&format!("/media/{name}")).unwrap();
            crate::downloads::transfer::single::look(&file, first)
        };
        assert!(look("A.pdb", b"HEADER  ").is_ok());
        assert!(look("A.log", b"").is_ok());
        assert!(look("A.MTZ", b"MTZ \x50\0\0\0").is_ok());
        assert!(look("A.svg", b"<svg xml").is_ok());
        for (name, first) in [
            ("A.pdb", &b"\n <!doct"[..]),
            ("A.mtz", b"HEADER"),
            ("A.mtz", b""),
            ("A.ccp4.gz", b"xxxx"),
            ("A.pdb", b""),
            ("A.smi", b"\r\n"),
            ("A.sdf", b"{\"detail\": \"no\"}"),
            ("A.ccp4", b"xxxx"),
        ] {
            assert!(look(name, first).is_err(), "{name}");
        }
    }
}
