//! Intact archives that contain something other than what was requested, and lists that name one code twice.

use super::{
    ArchiveLie, Generation,
    archive::{self, Member},
    builds::Wanted,
    world::World,
};

/// Makes an archive contain something other than what was requested.
pub(super) fn falsify(
    members: &mut Vec<Member>,
    lie: ArchiveLie,
    world: &World,
    generation: Generation,
    wanted: &Wanted,
) {
    let is_aligned = |member: &Member| member.path.starts_with("aligned_files/");
    match lie {
        ArchiveLie::LacksObservation => {
            let Some(first) = members.iter().find(|member| is_aligned(member)) else {
                return;
            };
            let folder = first
                .path
                .rsplit_once('/')
                .map(|(folder, _)| format!("{folder}/"));
            members.retain(|member| {
                !folder
                    .as_ref()
                    .is_some_and(|it| member.path.starts_with(it))
            });
        }
        ArchiveLie::LacksFile => {
            if let Some(at) = members.iter().position(is_aligned) {
                members.remove(at);
            }
        }
        ArchiveLie::NoBytes => members.iter_mut().for_each(|member| member.bytes.clear()),
        ArchiveLie::BlankFiles => blank(members),
        ArchiveLie::GarbageTable => {
            for member in members
                .iter_mut()
                .filter(|member| member.path == "metadata.csv")
            {
                member.bytes = b"<h1>Service Unavailable</h1>".to_vec();
            }
        }
        ArchiveLie::OtherTarget => {
            let other = world
                .targets
                .iter()
                .find(|target| target.id != wanted.target);
            let Some(other) = other else { return };
            let rows = world.observations.iter();
            let rows = rows.filter(|row| row.target == other.id);
            let wanted = Wanted {
                target: other.id,
                observations: rows.map(|row| row.id).collect(),
                kinds: wanted.kinds.clone(),
            };
            *members = archive::members(world, generation, &wanted);
        }
    }
}

/// Makes a line break of each file with coordinates or a structure.
fn blank(members: &mut [Member]) {
    for member in members
        .iter_mut()
        .filter(|member| member.path.starts_with("aligned_files/"))
    {
        if [".pdb", ".sdf", ".smi"]
            .iter()
            .any(|ending| member.path.ends_with(ending))
        {
            member.bytes = b"\n".to_vec();
        }
    }
}

impl World {
    /// Lists the first observation of each target once more, in a second version under the same code: the result of a
    /// second upload of a remodelled crystal (server-api 9).
    pub(super) fn list_twice(&mut self) {
        let mut next = self
            .observations
            .iter()
            .map(|row| row.id)
            .max()
            .unwrap_or_default();
        for target in &self.targets {
            let first = self.observations.iter().find(|row| row.target == target.id);
            let Some(mut again) = first.cloned() else {
                continue;
            };
            next += 1;
            again.id = next;
            again.version += 1;
            again.upload += 1;
            let stem = again
                .longcode
                .rsplit_once("_v")
                .map_or("", |(stem, _)| stem);
            again.longcode = format!("{stem}_v{}", again.version);
            self.observations.push(again);
        }
    }
}
