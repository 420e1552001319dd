//! Collects all output, and searches it for secrets in every encoding.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    path::Path,
    sync::Mutex,
};

use tracing_subscriber::{layer::SubscriberExt as _, util::SubscriberInitExt as _};

use super::SECRETS;
use crate::harness::files;

/// All output, by its channel.
#[derive(Default)]
pub(super) struct Sinks(pub(super) BTreeMap<String, Vec<u8>>);

impl Sinks {
    pub(super) fn add(&mut self, name: impl Into<String>, bytes: impl AsRef<[u8]>) {
        let kept = self.0.entry(name.into()).or_default();
        kept.extend_from_slice(bytes.as_ref());
        kept.push(b'\n');
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (name, bytes) in other.0 {
            self.add(name, bytes);
        }
    }

    pub(super) fn add_folder(&mut self, name: &str, folder: &Path) {
        for path in files(folder) {
            self.add(format!("{name}: names"), &path);
            let bytes = std::fs::read(folder.join(&path)).unwrap();
            self.add(name, unpacked(&bytes));
            self.add(name, bytes);
        }
    }

    /// Panics if a secret is in one of them, in any encoding.
    pub(super) fn assert_clean(&self) {
        let needles: Vec<(String, Vec<u8>)> =
            [SECRETS.token, SECRETS.csrf, SECRETS.key, SECRETS.build]
                .into_iter()
                .flat_map(writings)
                .collect();
        for (name, bytes) in &self.0 {
            assert!(bytes.len() > 1, "nothing was caught in “{name}”");
            for (secret, needle) in &needles {
                let is_in = memchr::memmem::find(bytes, needle).is_some();
                assert!(!is_in, "{secret} is in “{name}”");
            }
        }
    }
}

/// Returns the contents of a compressed file, such as a table or an archive; empty for any other.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    if let Ok(mut zip) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) {
        for index in 0..zip.len() {
            let mut member = zip.by_index(index).unwrap();
            all.extend_from_slice(member.name_raw());
            member.read_to_end(&mut all).unwrap();
        }
    } else if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut gzip = flate2::read::MultiGzDecoder::new(bytes);
        gzip.read_to_end(&mut all).unwrap();
    }
    all
}

/// The log of everything that runs in this process, of the program's own targets at the fullest level.
/// `None` while no one catches it.
static LOG: Mutex<Option<Vec<u8>>> = Mutex::new(None);

struct Log;

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(log) = LOG.lock().unwrap().as_mut() {
            log.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(super) fn catch_log() {
    *LOG.lock().unwrap() = Some(Vec::new());
    let own = tracing_subscriber::filter::Targets::new()
        .with_target("fragalysis_desktop", tracing::Level::TRACE);
    let layer = tracing_subscriber::fmt::layer().with_writer(|| Log);
    tracing_subscriber::registry()
        .with(layer)
        .with(own)
        .try_init()
        .unwrap();
}

/// Ends what `catch_log` began, and returns what was written.
pub(super) fn caught_log() -> Vec<u8> {
    LOG.lock().unwrap().take().unwrap()
}

#[test]
fn compressed_files_are_searched() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("a", zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.write_all(SECRETS.token.as_bytes()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    gzip.write_all(SECRETS.token.repeat(2).as_bytes()).unwrap();
    for packed in [zip, gzip.finish().unwrap()] {
        let text = String::from_utf8_lossy(&unpacked(&packed)).into_owned();
        assert!(text.contains(SECRETS.token));
    }
}

/// A secret as it is, percent-encoded, in hexadecimal, and in base64 at each of its three places.
pub(super) fn writings(secret: &str) -> Vec<(String, Vec<u8>)> {
    let spelt = |write: fn(u8) -> String| {
        secret
            .bytes()
            .flat_map(move |byte| write(byte).into_bytes())
    };
    let mut forms = vec![
        secret.as_bytes().to_vec(),
        spelt(|byte| format!("%{byte:02X}")).collect(),
        spelt(|byte| format!("{byte:02x}")).collect(),
    ];
    for shift in 0..3 {
        let padded = [vec![0; shift], secret.as_bytes().to_vec()].concat();
        // The first and the last group also hold what stands around the secret.
        let groups: Vec<&[u8]> = padded.chunks_exact(3).skip(1).collect();
        for alphabet in [b"+/", b"-_"] {
            forms.push(
                groups
                    .iter()
                    .flat_map(|group| base64(group, *alphabet))
                    .collect(),
            );
        }
    }
    forms
        .into_iter()
        .map(|form| (secret.to_owned(), form))
        .collect()
}

fn base64(group: &[u8], last: [u8; 2]) -> [u8; 4] {
    let digits: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(last)
        .collect();
    let number = group
        .iter()
        .fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
    [18, 12, 6, 0].map(|shift| digits[number >> shift & 63])
}
