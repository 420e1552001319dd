//! Layout of a finished folder: the server's files, the files that this program adds, and how both are read.

mod codes_in_archive;
mod coverage;
mod difference;
mod errors_csv;
mod folder;
mod foreign;
mod identity;
mod job_id;
mod judge;
pub(crate) mod layout;
mod local_changes;
mod manifest;
mod member_kind;
mod member_look;
mod names;
mod open;
mod record;
mod records;
mod report;
mod sites;
mod snapshot;
mod table_rows;
mod tables;
mod update_summary;

pub(crate) use coverage::folder_of_version;
pub use difference::Difference;
pub(crate) use difference::Holds;
pub(crate) use folder::{Basis, LongCodes};
pub use folder::{CreatedBy, Dataset};
pub use job_id::JobId;
pub(crate) use layout::{FilePart, has_all_ligands, holds, is_of, ligand_smiles, place_of};
pub(crate) use local_changes::others_in;
pub use local_changes::{LocalChanges, verify_dataset};
pub(crate) use manifest::{ArchiveRecord, Manifest, StoredManifest};
pub(crate) use member_kind::{ALIGNED, COMBINED, kinds_of_aligned};
#[cfg(test)]
pub(crate) use member_kind::{OF_A_CRYSTAL, OF_AN_OBSERVATION};
pub(crate) use member_look::{CombinedSdf, MemberInspector, is_like};
pub(crate) use names::{ERRORS, METADATA};
pub use names::{MANIFEST, folder_name};
pub use open::folders_in;
pub(crate) use record::Record;
pub use records::FileRecord;
pub(crate) use records::Tables;
pub(crate) use report::Found;
pub use report::{FailedParts, Outcome, Report};
pub use sites::sites_in;
pub use snapshot::{ObservationRecord, Snapshot, UploadRecord};
pub(crate) use snapshot::{Rows, wants_crystals};
pub(crate) use table_rows::{join_lines, rows};
pub(crate) use tables::{
    SmilesOf, is_regular, join_errors, join_smiles, mark_downloaded, order_of,
};
pub use update_summary::UpdateSummary;
