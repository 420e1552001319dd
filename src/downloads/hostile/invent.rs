//! Generates archives: valid members mixed with malicious ones, and corrupted bytes.

use std::io::Write as _;

use fastrand::Rng;
use tar::EntryType;

const NAMES: &[&str] = &[
    "../evil",
    "../../../../../../tmp/hostile-evil",
    "/tmp/hostile-evil",
    "//host/share/evil",
    "\\\\host\\evil",
    "C:\\evil",
    "c:evil",
    "a/../../evil",
    "a/./../../evil",
    "..",
    ".",
    "./",
    "a//b",
    "./a/b.pdb",
    "A/B.pdb",
    "a/b.PDB",
    "NUL",
    "con.txt",
    "a/LPT1",
    "com9.pdb",
    "COM¹",
    "conin$",
    "a.txt:stream",
    "a. ",
    "a...",
    "a ",
    " a",
    "a\tb",
    "a\nb",
    "a\u{202e}bdp.exe",
    "ä",
    "a\u{308}",
    "ß",
    "SS",
    "ſ",
    "metadata.csv",
    "errors.csv",
    "metadata.csv/x",
    "fragalysis-download.json",
    "FRAGALYSIS-download.json",
    "~",
    "$HOME/x",
    "%TEMP%",
    "a*b?",
    "a|b",
    "aligned_files/x/x.pdb",
    "",
];

const TARGETS: &[&str] = &[
    "../../canary.txt",
    "/etc/passwd",
    "..",
    ".",
    "",
    "a",
    "./a",
    "a/b.pdb",
    "../a",
    "\\etc\\passwd",
    "C:\\x",
    "metadata.csv",
    "link",
    "link/../..",
];

const KINDS: &[EntryType] = &[
    EntryType::Regular,
    EntryType::Regular,
    EntryType::Regular,
    EntryType::Symlink,
    EntryType::Link,
    EntryType::Directory,
    EntryType::Fifo,
    EntryType::Char,
    EntryType::Block,
    EntryType::Continuous,
    EntryType::GNUSparse,
    EntryType::XGlobalHeader,
];

fn one<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    of[rng.usize(0..of.len())]
}

/// A name; now and then a very long or very deep one.
fn name(rng: &mut Rng) -> Vec<u8> {
    match rng.u8(0..24) {
        0 => "n".repeat(rng.usize(200..600)).into_bytes(),
        1 => "d/".repeat(rng.usize(10..3000)).into_bytes(),
        2 => vec![b'a', 0xff, 0xfe, b'/', 0, b'b'],
        3 => (0..rng.usize(1..40)).map(|_| rng.u8(..)).collect(),
        4 => b"link/evil".to_vec(),
        5..=9 => one(rng, NAMES).as_bytes().to_vec(),
        // Most are valid, so that later members are reached too.
        _ => format!("aligned_files/{0}/{0}.pdb", rng.u32(..)).into_bytes(),
    }
}

/// Puts a text into a field of a header as it is, cut to what fits.
fn put(field: &mut [u8], text: &[u8]) {
    for (to, from) in field.iter_mut().zip(text) {
        *to = *from;
    }
}

fn header(rng: &mut Rng, kind: EntryType, name: &[u8], size: u64) -> tar::Header {
    let mut header = if rng.bool() {
        tar::Header::new_gnu()
    } else {
        tar::Header::new_ustar()
    };
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(rng.u32(0..0o10000));
    header.set_mtime(rng.u64(0..1 << 33));
    put(&mut header.as_old_mut().name, name);
    header.set_cksum();
    header
}

/// Appends a member to a tar, with its padding.
fn member(tar: &mut Vec<u8>, header: &tar::Header, contents: &[u8]) {
    tar.extend_from_slice(header.as_bytes());
    tar.extend_from_slice(contents);
    tar.resize(tar.len().next_multiple_of(512), 0);
}

fn pax_record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}

/// Adds one member, with any headers that precede it.
fn add_member(rng: &mut Rng, tar: &mut Vec<u8>) {
    let name = name(rng);
    if name.len() > 100 || rng.u8(0..6) == 0 {
        let (kind, text) = if rng.bool() {
            (EntryType::GNULongName, [name.as_slice(), b"\0"].concat())
        } else {
            (EntryType::XHeader, pax_record("path", &name))
        };
        let longname = header(rng, kind, b"././@LongLink", text.len() as u64);
        member(tar, &longname, &text);
    }
    let kind = KINDS[rng.usize(0..KINDS.len())];
    let contents = vec![rng.u8(..); rng.usize(0..3000)];
    let contents = if kind == EntryType::Regular {
        contents
    } else {
        Vec::new()
    };
    let mut header = header(rng, kind, &name, contents.len() as u64);
    if matches!(kind, EntryType::Symlink | EntryType::Link) {
        put(
            &mut header.as_old_mut().linkname,
            one(rng, TARGETS).as_bytes(),
        );
        if rng.bool() {
            put(&mut header.as_old_mut().name, b"link\0");
        }
        header.set_cksum();
    }
    match rng.u8(0..40) {
        // False sizes.
        0 => header.set_size(rng.u64(..)),
        1 => put(&mut header.as_old_mut().size, &[0xff; 12]),
        2 => {
            let lie = pax_record("size", rng.u64(..).to_string().as_bytes());
            let front = crate::downloads::hostile::invent::header(
                rng,
                EntryType::XHeader,
                b"pax",
                lie.len() as u64,
            );
            member(tar, &front, &lie);
        }
        // A file of holes.
        3 => {
            if let Some(gnu) = header.as_gnu_mut() {
                gnu.set_real_size(1 << 40);
            }
        }
        // A wrong checksum.
        4 => {
            put(&mut header.as_old_mut().cksum, b"0000000\0");
            return member(tar, &header, &contents);
        }
        _ => {}
    }
    header.set_cksum();
    member(tar, &header, &contents);
}

/// Adds members that expand to far more than their compressed size.
fn add_bomb(rng: &mut Rng, tar: &mut Vec<u8>) {
    let much = vec![if rng.bool() { 0 } else { b'a' }; rng.usize(1 << 20..80 << 20)];
    let kind = *rng
        .choice(&[
            EntryType::Regular,
            EntryType::GNULongName,
            EntryType::XHeader,
            EntryType::Directory,
            EntryType::XGlobalHeader,
        ])
        .unwrap();
    let name: &[u8] = if rng.bool() { b"metadata.csv" } else { b"bomb" };
    let header = header(rng, kind, name, much.len() as u64);
    member(tar, &header, &much);
}

fn tar(rng: &mut Rng) -> Vec<u8> {
    let mut tar = Vec::new();
    for _ in 0..rng.usize(0..12) {
        add_member(rng, &mut tar);
    }
    match rng.u32(0..60) {
        0 | 1 => add_bomb(rng, &mut tar),
        2 => {
            for number in 0..rng.usize(1..60_000) {
                let header = header(
                    rng,
                    EntryType::Regular,
                    format!("many/{number}").as_bytes(),
                    0,
                );
                member(&mut tar, &header, b"");
            }
        }
        _ => {}
    }
    if rng.u8(0..8) > 0 {
        tar.resize(tar.len() + 1024, 0);
    }
    if rng.u8(0..60) == 0 {
        tar.resize(tar.len() + rng.usize(0..50 << 20), 0);
    }
    tar
}

fn gzip(rng: &mut Rng, bytes: &[u8]) -> Vec<u8> {
    let level = flate2::Compression::new(rng.u32(1..=9));
    let pieces = if rng.u8(0..5) == 0 {
        1 + bytes.len() / 3
    } else {
        1 + bytes.len()
    };
    let mut all = Vec::new();
    for piece in bytes.chunks(pieces) {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
        gzip.write_all(piece).unwrap();
        all.extend(gzip.finish().unwrap());
    }
    all
}

fn zip(rng: &mut Rng) -> Vec<u8> {
    use zip::write::SimpleFileOptions;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for _ in 0..rng.usize(0..12) {
        let name = String::from_utf8_lossy(&name(rng)).into_owned();
        let options = SimpleFileOptions::default()
            .unix_permissions(rng.u32(0..0o10000))
            .large_file(rng.bool());
        let contents = vec![rng.u8(..); rng.usize(0..3000)];
        // The writer itself rejects the worst cases; what it accepts is corrupted later.
        match rng.u8(0..6) {
            0 => zip.add_symlink(name, one(rng, TARGETS), options).ok(),
            1 => zip.add_directory(name, options).ok(),
            2 => zip
                .start_file(
                    name,
                    options.compression_method(zip::CompressionMethod::Stored),
                )
                .and_then(|()| zip.write_all(&contents).map_err(Into::into))
                .ok(),
            _ => zip
                .start_file(name, options)
                .and_then(|()| zip.write_all(&contents).map_err(Into::into))
                .ok(),
        };
    }
    match rng.u32(0..60) {
        0 => {
            zip.start_file("metadata.csv", SimpleFileOptions::default())
                .unwrap();
            zip.write_all(&vec![b'a'; rng.usize(1 << 20..80 << 20)])
                .unwrap();
        }
        1 => {
            for number in 0..rng.usize(1..60_000) {
                zip.start_file(format!("many/{number}"), SimpleFileOptions::default())
                    .unwrap();
            }
        }
        _ => {}
    }
    zip.finish().unwrap().into_inner()
}

/// Spoils bytes anywhere; in a zip mostly at the end, where its list is.
fn spoil(rng: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..rng.usize(1..6) {
        if bytes.is_empty() {
            return;
        }
        let from = if rng.bool() {
            bytes.len().saturating_sub(300)
        } else {
            0
        };
        let at = rng.usize(from..bytes.len());
        match rng.u8(0..5) {
            0 => bytes[at] ^= 1 << rng.u8(0..8),
            1 => bytes[at] = rng.u8(..),
            2 => bytes.insert(at, rng.u8(..)),
            3 => put(&mut bytes[at..], &[0xff; 8]),
            _ => bytes.truncate(at),
        }
    }
}

pub(super) fn archive(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = if rng.u8(0..3) == 0 {
        zip(rng)
    } else {
        let mut tar = tar(rng);
        if rng.u8(0..4) == 0 {
            spoil(rng, &mut tar);
        }
        gzip(rng, &tar)
    };
    if rng.u8(0..3) == 0 {
        spoil(rng, &mut bytes);
    }
    bytes
}
