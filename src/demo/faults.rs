//! How the demo server misbehaves on request, so that a test names only the fault it is about.

/// A member that no honest archive has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostileMember {
    /// `../../evil.txt`.
    ParentFolder,
    /// `/tmp/evil.txt`.
    Absolute,
    /// `C:\evil.txt`.
    DriveLetter,
    /// A symbolic link that leads out of the folder.
    LinkOut,
    /// Two names that are one on Windows and macOS.
    CaseCollision,
    /// `NUL.txt`, a device on Windows.
    ReservedName,
}

/// What goes wrong. The default is: nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fault of its own; any may come together"
)]
pub struct Faults {
    /// The archive stops in the middle and the connection is cut.
    pub cut_archive: bool,
    /// The archive ends in the middle, cleanly and with a matching length.
    pub short_archive: bool,
    /// One bit of the archive is turned over.
    pub flipped_bit: bool,
    /// A web page comes instead of the archive, with status 200.
    pub page_for_archive: bool,
    /// The archive holds this as well.
    pub hostile_member: Option<HostileMember>,
    /// The first order is answered with "too busy" (2026).
    pub busy_once: bool,
    /// The build fails, with a reason (2026).
    pub failed_build: bool,
    /// The first handle is gone when it is fetched.
    pub expired_once: bool,
    /// Every list answers with status 500.
    pub broken_lists: bool,
    /// Every address answers with some web page.
    pub not_fragalysis: bool,
    /// The user may see nothing at all.
    pub no_targets: bool,
    /// The documented route for experiments works.
    pub documented_route: bool,
    /// Lists hold the word `NaN`, which is no JSON.
    pub nan: bool,
    /// Pages hold at most this many rows, whatever was asked; 0 means no cap.
    pub page_cap: usize,
    /// The authenticator does not reach its database.
    pub authenticator_down: bool,
    /// Links in answers name another host and plain http.
    pub foreign_links: bool,
}

/// Sets one fault.
type Setter = fn(&mut Faults);

impl Faults {
    /// The faults by the names that the command line takes.
    const NAMES: [(&'static str, Setter); 21] = [
        ("cut-archive", |f| f.cut_archive = true),
        ("short-archive", |f| f.short_archive = true),
        ("flipped-bit", |f| f.flipped_bit = true),
        ("page-for-archive", |f| f.page_for_archive = true),
        ("parent-folder", |f| {
            f.hostile_member = Some(HostileMember::ParentFolder);
        }),
        ("absolute-name", |f| {
            f.hostile_member = Some(HostileMember::Absolute);
        }),
        ("drive-letter", |f| {
            f.hostile_member = Some(HostileMember::DriveLetter);
        }),
        ("link-out", |f| {
            f.hostile_member = Some(HostileMember::LinkOut);
        }),
        ("case-collision", |f| {
            f.hostile_member = Some(HostileMember::CaseCollision);
        }),
        ("reserved-name", |f| {
            f.hostile_member = Some(HostileMember::ReservedName);
        }),
        ("busy-once", |f| f.busy_once = true),
        ("failed-build", |f| f.failed_build = true),
        ("expired-once", |f| f.expired_once = true),
        ("broken-lists", |f| f.broken_lists = true),
        ("not-fragalysis", |f| f.not_fragalysis = true),
        ("no-targets", |f| f.no_targets = true),
        ("documented-route", |f| f.documented_route = true),
        ("nan", |f| f.nan = true),
        ("page-cap", |f| f.page_cap = 100),
        ("authenticator-down", |f| f.authenticator_down = true),
        ("foreign-links", |f| f.foreign_links = true),
    ];

    /// The names, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().map(|(name, _)| name)
    }

    /// Adds the fault of this name; false when there is none.
    pub fn add(&mut self, name: &str) -> bool {
        let found = Self::NAMES.into_iter().find(|(known, _)| *known == name);
        if let Some((_, set)) = found {
            set(self);
        }
        found.is_some()
    }
}
