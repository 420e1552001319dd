//! How archives are packed, and damaged on request.

use std::io::{Cursor, Write as _};

use super::{Faults, Generation, HostileMember, Member};

/// A fixed point in time for all members, so that archives are the same every time.
const MEMBER_TIME: u64 = 1_760_000_000;

/// Packs the members as the generation does: 2024 zip, later tar.gz with `./` in front of the names.
pub(super) fn pack(
    members: &[Member],
    generation: Generation,
    faults: Faults,
) -> std::io::Result<Vec<u8>> {
    let mut bytes = match generation {
        Generation::G2024 => pack_zip(members, faults.hostile_member)?,
        Generation::G2025 | Generation::G2026 => pack_tar(members, faults.hostile_member)?,
    };
    if faults.flipped_bit {
        let middle = bytes.len() / 2;
        if let Some(byte) = bytes.get_mut(middle) {
            *byte ^= 0b0000_1000;
        }
    }
    if faults.short_archive {
        bytes.truncate(bytes.len() * 2 / 3);
    }
    Ok(bytes)
}

fn hostile_name(hostile: HostileMember, first: &str) -> String {
    match hostile {
        HostileMember::ParentFolder => "../../evil.txt".to_owned(),
        HostileMember::Absolute => "/tmp/evil-fragalysis.txt".to_owned(),
        HostileMember::DriveLetter => "C:\\evil.txt".to_owned(),
        HostileMember::LinkOut => "aligned_files/link".to_owned(),
        HostileMember::CaseCollision => first.to_uppercase(),
        HostileMember::ReservedName => "aligned_files/NUL.txt".to_owned(),
    }
}

fn pack_zip(members: &[Member], hostile: Option<HostileMember>) -> std::io::Result<Vec<u8>> {
    use zip::write::SimpleFileOptions;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().unix_permissions(0o755);
    let (mut last, mut stand_ins) = ("", Vec::new());
    for member in members {
        if member.path == last {
            // The crate refuses to write a name twice; the servers do not. The final name is set when everything is
            // written.
            let stand_in = stand_in(&member.path);
            zip.start_file(&stand_in, options)?;
            stand_ins.push((stand_in, &member.path));
        } else {
            zip.start_file(&member.path, options)?;
        }
        zip.write_all(&member.bytes)?;
        last = &member.path;
    }
    if let Some(hostile) = hostile {
        let name = hostile_name(hostile, members.first().map_or("a", |member| &member.path));
        if hostile == HostileMember::LinkOut {
            zip.add_symlink(name, "/etc/passwd", options)?;
        } else {
            zip.start_file(name, options)?;
            zip.write_all(b"evil")?;
        }
    }
    let mut bytes = zip.finish()?.into_inner();
    for (stand_in, name) in stand_ins {
        for at in memchr::memmem::find_iter(&bytes.clone(), stand_in.as_bytes()) {
            let place = bytes.get_mut(at..at + name.len()).into_iter().flatten();
            place.zip(name.bytes()).for_each(|(to, from)| *to = from);
        }
    }
    Ok(bytes)
}

/// Returns a name of the same length that no member has.
fn stand_in(name: &str) -> String {
    let start = name.get(..name.len().saturating_sub(4)).unwrap_or_default();
    format!("{start}~~~~")
}

fn pack_tar(members: &[Member], hostile: Option<HostileMember>) -> std::io::Result<Vec<u8>> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    let mut tar = tar::Builder::new(gzip);
    let header = |size: usize| {
        let mut header = tar::Header::new_gnu();
        header.set_size(size as u64);
        header.set_mode(0o644);
        header.set_mtime(MEMBER_TIME);
        header
    };
    for member in members {
        tar.append_data(
            &mut header(member.bytes.len()),
            format!("./{}", member.path),
            member.bytes.as_slice(),
        )?;
    }
    if let Some(hostile) = hostile {
        let name = hostile_name(hostile, members.first().map_or("a", |member| &member.path));
        let mut header = header(if hostile == HostileMember::LinkOut {
            0
        } else {
            4
        });
        // The crate refuses to write such names, so they are put into the header directly.
        let field = &mut header.as_old_mut().name;
        for (to, from) in field.iter_mut().zip(name.as_bytes()) {
            *to = *from;
        }
        if hostile == HostileMember::LinkOut {
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_link_name_literal("../../../etc/passwd")?;
        }
        header.set_cksum();
        let body: &[u8] = if hostile == HostileMember::LinkOut {
            b""
        } else {
            b"evil"
        };
        tar.append(&header, body)?;
    }
    tar.into_inner()?.finish()
}
