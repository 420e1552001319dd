//! Archives as other programs write them, and malformed ones.

use std::{
    cell::Cell,
    io::{Cursor, Write as _},
    path::Path,
    sync::atomic::AtomicBool,
};

use super::{unpack::Unpacker, *};
use crate::downloads::format::Format;

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// Names and contents of all files, or why there are none.
fn all_files(
    walk: impl FnOnce(&mut OnFile<'_>) -> Result<Walked, DownloadError>,
) -> Result<(Files, Walked), DownloadError> {
    let mut files = Vec::new();
    let walked = walk(&mut |name, contents| {
        let mut bytes = Vec::new();
        let length = drain(contents, |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        files.push((name.as_str().to_owned(), bytes));
        Ok(length)
    })?;
    Ok((files, walked))
}

fn of_tar_gz(bytes: &[u8]) -> Result<(Files, Walked), DownloadError> {
    let read = Cell::new(bytes.len() as u64);
    all_files(|on_file| walk_tar_gz(bytes, &read, &AtomicBool::new(false), on_file))
}

fn of_zip(bytes: &[u8]) -> Result<(Files, Walked), DownloadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    std::fs::write(&path, bytes).unwrap();
    all_files(|on_file| walk_zip(Path::new(&path), &AtomicBool::new(false), on_file))
}

fn tar(members: &[(tar::EntryType, &str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (kind, name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        let options = zip::write::SimpleFileOptions::default();
        if name.ends_with('/') {
            zip.add_directory(*name, options).unwrap();
        } else {
            zip.start_file(*name, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

/// Replaces every occurrence of some bytes with others of the same length.
fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(from.len()).position(|own| own == from) {
        bytes[at + found..at + found + to.len()].copy_from_slice(to);
        at += found + to.len();
    }
    bytes
}

/// Returns the offsets of the entries in the central directory.
fn entries(bytes: &[u8]) -> Vec<usize> {
    let starts = bytes.windows(4).enumerate();
    starts
        .filter(|(_, four)| four == b"PK\x01\x02")
        .map(|(at, _)| at)
        .collect()
}

/// Moves the numbers of all entries into the extra field, as Python does from 2 GiB on.
fn with_large_numbers(bytes: &[u8]) -> Vec<u8> {
    let starts = entries(bytes);
    let mut made = bytes[..starts[0]].to_vec();
    let end = bytes
        .windows(4)
        .position(|four| four == b"PK\x05\x06")
        .unwrap();
    for (place, start) in starts.iter().enumerate() {
        let next = *starts.get(place + 1).unwrap_or(&end);
        let mut entry = bytes[*start..next].to_vec();
        let number = |at: usize| {
            let four: [u8; 4] = entry[at..at + 4].try_into().unwrap();
            u64::from(u32::from_le_bytes(four)).to_le_bytes()
        };
        // A field of another kind precedes it.
        let mut extra = vec![0x55, 0x54, 1, 0, 9, 1, 0, 24, 0];
        extra.extend([24, 20, 42].map(number).concat());
        for at in [20, 24, 42] {
            entry[at..at + 4].fill(0xFF);
        }
        let name = usize::from(u16::from_le_bytes([entry[28], entry[29]]));
        assert_eq!(entry[30..32], [0, 0], "no extra field before");
        entry[30] = u8::try_from(extra.len()).unwrap();
        entry.splice(46 + name..46 + name, extra);
        made.extend(entry);
    }
    let list = u32::try_from(made.len() - starts[0]).unwrap();
    let mut tail = bytes[end..].to_vec();
    tail[12..16].copy_from_slice(&list.to_le_bytes());
    made.extend(tail);
    made
}

#[test]
fn both_members_of_one_name_are_read_in_archives_of_any_size() {
    let bytes = zip(&[("a/x.sdf", "first"), ("b/x.sdf", "second"), ("c", "other")]);
    let doubled = replaced(bytes, b"b/x.sdf", b"a/x.sdf");
    for bytes in [doubled.clone(), with_large_numbers(&doubled)] {
        let (mut files, walked) = of_zip(&bytes).unwrap();
        files.sort();
        let contents: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        assert_eq!(contents.len(), 3);
        for text in [b"first".as_slice(), b"second", b"other"] {
            assert!(contents.contains(&text), "{files:?}");
        }
        assert_eq!(walked.repeats.len(), 1);
        assert!(walked.repeats[0].is_same_name);
    }
    // A wrong number there is damage, or makes no difference.
    let large = with_large_numbers(&doubled);
    let mut meant = of_zip(&large).unwrap().0;
    meant.sort();
    for bit in 8 * entries(&large)[0]..8 * (entries(&large)[1] + 46 + 7 + 9 + 28) {
        let mut wrong = large.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        if let Ok((mut files, _)) = of_zip(&wrong) {
            files.sort();
            assert_eq!(files, meant, "bit {bit}");
        }
    }
}

#[test]
fn a_folder_may_be_listed_twice_in_a_zip() {
    let bytes = zip(&[("d/", ""), ("e/", ""), ("d/x", "text")]);
    let (files, walked) = of_zip(&replaced(bytes, b"e/", b"d/")).unwrap();
    assert_eq!(files, [("d/x".to_owned(), b"text".to_vec())]);
    assert!(walked.repeats.is_empty());
}

#[test]
fn names_of_an_old_code_page_are_read_wherever_they_stand() {
    let bytes = zip(&[("a-x", "one"), ("b-x", "two")]);
    let bytes = replaced(replaced(bytes, b"a-x", b"\x84-x"), b"b-x", b"\x84-x");
    let (files, walked) = of_zip(&bytes).unwrap();
    assert_eq!((files.len(), walked.repeats.len()), (2, 1));
    assert!(files.iter().any(|(name, _)| name == "ä-x"), "{files:?}");
}

#[test]
fn what_this_program_cannot_unpack_is_not_called_damaged() {
    let bytes = zip(&[("a", "text")]);
    let start = entries(&bytes)[0];
    let mut encrypted = bytes.clone();
    (encrypted[start + 8], encrypted[6]) = (1, 1);
    let mut packed = bytes.clone();
    (packed[start + 10], packed[8]) = (97, 97);
    for (bytes, what) in [(encrypted, "encrypted"), (packed, "ompression")] {
        let error = of_zip(&bytes).unwrap_err();
        assert!(
            matches!(error, DownloadError::Unsupported { .. }),
            "{error}"
        );
        assert!(error.to_string().contains(what), "{error}");
    }
    // A central directory with too small a count hides files.
    let mut hidden = zip(&[("a", "text"), ("b", "text")]);
    let end = hidden
        .windows(4)
        .position(|four| four == b"PK\x05\x06")
        .unwrap();
    (hidden[end + 8], hidden[end + 10]) = (1, 1);
    assert!(of_zip(&hidden).is_err());
}

#[test]
fn tars_of_other_programs_are_read() {
    use tar::EntryType as E;
    let plain = tar(&[(E::Directory, "d/", b""), (E::Regular, "d/x", b"text")]);
    assert_eq!(Format::sniff(&plain).unwrap(), Format::Tar);
    let meant = [("d/x".to_owned(), b"text".to_vec())];
    let padded = [gz(&plain), vec![0; 1024]].concat();
    // Padded to whole blocks of a tape, as `tar -b 4096` does.
    let blocked = gz(&[plain.clone(), vec![0; 2 << 20]].concat());
    let thrice = gz(&gz(&gz(&plain)));
    // With a single empty block at the end, which other programs accept as well.
    let lone = gz(&plain[..2048]);
    for bytes in [
        gz(&plain),
        gz(&gz(&plain)),
        thrice.clone(),
        padded,
        blocked,
        lone,
    ] {
        assert_eq!(of_tar_gz(&bytes).unwrap().0, meant);
    }
    for bytes in [gz(&thrice), gz(&zip(&[("a", "text")]))] {
        let error = of_tar_gz(&bytes).unwrap_err();
        assert!(
            matches!(error, DownloadError::Unsupported { .. }),
            "{error}"
        );
    }
    // Bytes other than zero after the end are not padding.
    assert!(of_tar_gz(&[gz(&plain), vec![1; 64]].concat()).is_err());
    // Truncated between two members, it looks complete except for its end.
    assert!(of_tar_gz(&gz(&plain[..1024])).is_err());
}

#[test]
fn links_and_repeats_in_a_tar_are_reported() {
    use tar::EntryType as E;
    let mut builder = tar::Builder::new(Vec::new());
    for name in ["a", "a"] {
        let mut header = tar::Header::new_ustar();
        header.set_size(4);
        header.set_entry_type(E::Regular);
        builder
            .append_data(&mut header, name, &b"text"[..])
            .unwrap();
    }
    let mut header = tar::Header::new_ustar();
    header.set_size(0);
    header.set_entry_type(E::Symlink);
    builder.append_link(&mut header, "link", "missing").unwrap();
    let (_, walked) = of_tar_gz(&gz(&builder.into_inner().unwrap())).unwrap();
    assert_eq!((walked.repeats.len(), walked.links.len()), (1, 1));
    assert_eq!(walked.links[0].target.as_str(), "missing");
}

/// What is recorded of an archive, and what is written.
fn unpacked(bytes: &[u8], folder: &Path) -> (Vec<String>, crate::dataset::Tables) {
    let read = Cell::new(bytes.len() as u64);
    let is_cancelled = AtomicBool::new(false);
    let mut unpacker = Unpacker::new(Some(folder), &|_| {});
    let walked = walk_tar_gz(bytes, &read, &is_cancelled, &mut |name, contents| {
        unpacker.take(name, contents)
    });
    let (records, tables) = unpacker
        .finish(walked.unwrap(), u64::MAX, &is_cancelled)
        .unwrap();
    (
        records.into_iter().map(|record| record.path).collect(),
        tables,
    )
}

/// D1, D2: an equal copy of a member is dropped, a different one and a link to nothing are told.
#[test]
fn of_equal_members_one_is_kept_and_what_is_odd_is_told() {
    use tar::EntryType::Regular;
    let mut builder = tar::Builder::new(Vec::new());
    let members = [("a", "same"), ("a", "same"), ("b", "one"), ("b", "two")];
    for (name, text) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_entry_type(Regular);
        builder
            .append_data(&mut header, name, text.as_bytes())
            .unwrap();
    }
    let mut header = tar::Header::new_ustar();
    header.set_size(0);
    header.set_entry_type(tar::EntryType::Symlink);
    builder.append_link(&mut header, "c", "missing").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = gz(&builder.into_inner().unwrap());
    let (paths, tables) = unpacked(&archive, folder.path());
    assert_eq!(paths, ["a", "b", "b (2)"]);
    assert_eq!(tables.doubled, ["b (2)"]);
    assert_eq!(tables.dangling, ["c"]);
    let mut written: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    written.sort();
    assert_eq!(written, paths);
}

/// D8: a map of zeros packs a thousand times smaller, and is no bomb.
#[test]
fn a_large_file_of_zeros_is_read_wherever_it_is() {
    let zeros = vec![0; 90 << 20];
    let map = (tar::EntryType::Regular, "a.ccp4", &zeros[..]);
    let other = (tar::EntryType::Regular, "a.pdb", &b"HEADER"[..]);
    for members in [[map, other], [other, map]] {
        let (files, _) = of_tar_gz(&gz(&tar(&members))).unwrap();
        assert_eq!(files.len(), 2);
    }
}

#[test]
fn a_file_with_holes_is_refused_by_its_name() {
    let mut builder = tar::Builder::new(Vec::new());
    let holes = [
        ("GNU.sparse.major", &b"1"[..]),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"a/map.ccp4"),
    ];
    builder.append_pax_extensions(holes).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_size(4);
    header.set_entry_type(tar::EntryType::Regular);
    builder
        .append_data(&mut header, "GNUSparseFile.416/map.ccp4", &b"text"[..])
        .unwrap();
    let error = of_tar_gz(&gz(&builder.into_inner().unwrap())).unwrap_err();
    assert!(
        matches!(error, DownloadError::Unsupported { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("“a/map.ccp4”"), "{error}");
}

#[test]
fn holes_of_the_older_form_are_filled() {
    let mut header = tar::Header::new_gnu();
    header.set_path("a/map.ccp4").unwrap();
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_size(4);
    let gnu = header.as_gnu_mut().unwrap();
    let octal = |number: u64| format!("{number:011o}\0").into_bytes();
    gnu.sparse[0].offset.copy_from_slice(&octal(4096));
    gnu.sparse[0].numbytes.copy_from_slice(&octal(4));
    gnu.sparse[1].offset.copy_from_slice(&octal(8192));
    gnu.sparse[1].numbytes.copy_from_slice(&octal(0));
    gnu.realsize.copy_from_slice(&octal(8192));
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, &b"text"[..]).unwrap();
    let (files, _) = of_tar_gz(&gz(&builder.into_inner().unwrap())).unwrap();
    let mut whole = vec![0; 8192];
    whole[4096..4100].copy_from_slice(b"text");
    assert_eq!(files, [("a/map.ccp4".to_owned(), whole)]);
}

#[test]
fn endless_names_of_files_or_folders_are_refused() {
    /// Members without contents, made while they are read: half a million of them are a long archive.
    struct Endless {
        kind: tar::EntryType,
        made: usize,
        rest: Cursor<Vec<u8>>,
    }
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.rest.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            self.made += 1;
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(self.kind);
            header.set_size(0);
            header.set_path(format!("m{}", self.made)).unwrap();
            header.set_cksum();
            self.rest = Cursor::new(header.as_bytes().to_vec());
            self.rest.read(buffer)
        }
    }
    for kind in [tar::EntryType::Directory, tar::EntryType::Regular] {
        let endless = Endless {
            kind,
            made: 0,
            rest: Cursor::default(),
        };
        let read = Cell::new(u64::MAX);
        let error = all_files(|on_file| walk_tar(endless, &read, &AtomicBool::new(false), on_file));
        let error = error.unwrap_err();
        assert!(matches!(error, DownloadError::Unsafe { .. }), "{error}");
    }
}
