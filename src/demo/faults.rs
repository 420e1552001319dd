//! Faults of the demo server, switched on by name, so that a test names only the fault that it is about.

/// A member that no legitimate archive has.
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
    /// Two names that are the same on Windows and macOS.
    CaseCollision,
    /// `NUL.txt`, a device on Windows.
    ReservedName,
}

/// How an intact archive contains something other than what was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveLie {
    /// One observation is missing, without any notice.
    LacksObservation,
    /// One file of an observation is missing, without any notice.
    LacksFile,
    /// All files are empty.
    NoBytes,
    /// Coordinates and structures are a line break each.
    BlankFiles,
    /// The table of observations is garbage.
    GarbageTable,
    /// It is the archive of another target.
    OtherTarget,
}

/// One list that answers with status 500 while the others are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenList {
    /// The compounds.
    Compounds,
    /// The kinds of tags.
    TagKinds,
    /// All lists of the first target.
    FirstTarget,
}

impl BrokenList {
    /// Returns `true` if this is the list at `path`, which may be one of the first target.
    pub(super) fn is_it(self, path: &str, is_first_target: bool) -> bool {
        match self {
            Self::Compounds => path == "/api/compounds/",
            Self::TagKinds => path == "/api/tag_category/",
            Self::FirstTarget => is_first_target,
        }
    }
}

/// The faults that are on. By default there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fault; any may be combined"
)]
pub struct Faults {
    /// The archive stops in the middle and the connection is lost.
    pub cut_archive: bool,
    /// The archive ends in the middle, cleanly and with a matching length.
    pub short_archive: bool,
    /// One bit of the archive is flipped.
    pub flipped_bit: bool,
    /// A web page is sent instead of the archive, with status 200.
    pub page_for_archive: bool,
    /// The archive contains this as well.
    pub hostile_member: Option<HostileMember>,
    /// The first order is answered with "too busy" (2026).
    pub busy_once: bool,
    /// The build fails, with a reason (2026).
    pub failed_build: bool,
    /// The first handle no longer exists when it is fetched.
    pub expired_once: bool,
    /// Every list answers with status 500.
    pub broken_lists: bool,
    /// This list answers with status 500.
    pub broken_list: Option<BrokenList>,
    /// The files of ligands end in the middle.
    pub cut_ligands: bool,
    /// Every address returns some web page.
    pub not_fragalysis: bool,
    /// The user may not see anything.
    pub no_targets: bool,
    /// The server has no lists of sites, poses and tags.
    pub no_sites: bool,
    /// The documented route for experiments works.
    pub documented_route: bool,
    /// Lists contain the word `NaN`, which is not valid JSON.
    pub nan: bool,
    /// Pages contain at most this many rows, whatever was requested; 0 means no cap.
    pub page_cap: usize,
    /// Lists have a `count` of `null`.
    pub no_count: bool,
    /// The authenticator does not reach its database: no user is a member of anything.
    pub authenticator_down: bool,
    /// The server has no authenticator.
    pub authenticator_undefined: bool,
    /// Every list is slow.
    pub slow_lists: bool,
    /// The authenticator is slow.
    pub authenticator_slow: bool,
    /// `/api/token/` fails.
    pub broken_token: bool,
    /// `/api/user/` fails.
    pub broken_user: bool,
    /// `/api/user/` answers in the documented form: `version`, and the id as text.
    pub documented_user: bool,
    /// A visitor is called `admin`.
    pub anonymous_admin: bool,
    /// Links in answers have another host and plain http.
    pub foreign_links: bool,
    /// The cookie of a dead session is not deleted, so that nothing in the answer shows it.
    pub keeps_dead_cookie: bool,
    /// The session ends right after it has been verified.
    pub session_ends: bool,
    /// An ageing session is redirected whatever the request's headers say.
    pub renewal_redirects: bool,
    /// The first POST with a session is refused for its CSRF token.
    pub csrf_once: bool,
    /// Every POST with a session is refused for its CSRF token.
    pub csrf_always: bool,
    /// Every address is unknown, as on any other web server.
    pub nothing_here: bool,
    /// The connection breaks before every answer.
    pub hangs_up: bool,
    /// Every address redirects to another host.
    pub moved_away: bool,
    /// Archives have an ETag, and the server resumes them if it still matches.
    pub archive_ranges: bool,
    /// The first transfer of each archive stops in the middle.
    pub cut_once: bool,
    /// A range of an archive always ends one byte early.
    pub short_range: bool,
    /// The archive changes after the first transfer, and the server resumes it all the same.
    pub changed_archive: bool,
    /// One row of each list of observations has no number.
    pub odd_observation: bool,
    /// One row of each list of compounds has no number.
    pub odd_compound: bool,
    /// Archives with the first observation of a target are always cut short.
    pub bad_observation: bool,
    /// Archives contain something other than what was requested.
    pub archive_lie: Option<ArchiveLie>,
    /// One observation of each target is listed in two versions under one code, as after a second upload. Only if set
    /// at the start.
    pub listed_twice: bool,
    /// The first target has virtual observations, which were computed and not measured (2026).
    pub virtual_rows: bool,
    /// How the statistics service misbehaves.
    pub statistics: Option<StatisticsFault>,
}

/// How the authenticator's statistics service misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatisticsFault {
    /// Its memory cache is down: no facts, no users.
    DeadCache,
    /// It has just started: no ping yet, no users yet.
    JustStarted,
    /// The first list of users is incomplete, as it is for a moment whenever it is updated.
    ShortOnce,
    /// One list item for each fact of a user, as the documentation shows it.
    Documented,
    /// No key is required.
    Open,
    /// Status 404.
    NotFound,
    /// Status 405.
    WrongMethod,
    /// Status 500.
    Failing,
    /// A web page.
    Page,
    /// Text that is not YAML.
    Garbage,
    /// A redirect to another host.
    Moved,
}

/// Sets one fault.
type Setter = fn(&mut Faults);

impl Faults {
    /// The faults by their names on the command line.
    const NAMES: [(&'static str, Setter); 68] = [
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
        ("broken-compounds", |f| {
            f.broken_list = Some(BrokenList::Compounds);
        }),
        ("broken-tag-kinds", |f| {
            f.broken_list = Some(BrokenList::TagKinds);
        }),
        ("broken-first-target", |f| {
            f.broken_list = Some(BrokenList::FirstTarget);
        }),
        ("cut-ligands", |f| f.cut_ligands = true),
        ("not-fragalysis", |f| f.not_fragalysis = true),
        ("no-targets", |f| f.no_targets = true),
        ("no-sites", |f| f.no_sites = true),
        ("documented-route", |f| f.documented_route = true),
        ("nan", |f| f.nan = true),
        ("page-cap", |f| f.page_cap = 100),
        ("no-count", |f| f.no_count = true),
        ("authenticator-down", |f| f.authenticator_down = true),
        ("authenticator-undefined", |f| {
            f.authenticator_undefined = true;
        }),
        ("slow-lists", |f| f.slow_lists = true),
        ("authenticator-slow", |f| f.authenticator_slow = true),
        ("broken-token", |f| f.broken_token = true),
        ("broken-user", |f| f.broken_user = true),
        ("documented-user", |f| f.documented_user = true),
        ("anonymous-admin", |f| f.anonymous_admin = true),
        ("foreign-links", |f| f.foreign_links = true),
        ("keeps-dead-cookie", |f| f.keeps_dead_cookie = true),
        ("session-ends", |f| f.session_ends = true),
        ("renewal-redirects", |f| f.renewal_redirects = true),
        ("csrf-once", |f| f.csrf_once = true),
        ("csrf-always", |f| f.csrf_always = true),
        ("nothing-here", |f| f.nothing_here = true),
        ("hangs-up", |f| f.hangs_up = true),
        ("moved-away", |f| f.moved_away = true),
        ("archive-ranges", |f| f.archive_ranges = true),
        ("cut-once", |f| f.cut_once = true),
        ("odd-observation", |f| f.odd_observation = true),
        ("odd-compound", |f| f.odd_compound = true),
        ("bad-observation", |f| f.bad_observation = true),
        ("short-range", |f| f.short_range = true),
        ("changed-archive", |f| f.changed_archive = true),
        ("lacks-observation", |f| {
            f.archive_lie = Some(ArchiveLie::LacksObservation);
        }),
        ("lacks-file", |f| {
            f.archive_lie = Some(ArchiveLie::LacksFile);
        }),
        ("no-bytes", |f| f.archive_lie = Some(ArchiveLie::NoBytes)),
        ("blank-files", |f| {
            f.archive_lie = Some(ArchiveLie::BlankFiles);
        }),
        ("garbage-table", |f| {
            f.archive_lie = Some(ArchiveLie::GarbageTable);
        }),
        ("other-target", |f| {
            f.archive_lie = Some(ArchiveLie::OtherTarget);
        }),
        ("listed-twice", |f| f.listed_twice = true),
        ("virtual-rows", |f| f.virtual_rows = true),
        ("statistics-dead-cache", |f| {
            f.statistics = Some(StatisticsFault::DeadCache);
        }),
        ("statistics-just-started", |f| {
            f.statistics = Some(StatisticsFault::JustStarted);
        }),
        ("statistics-short-once", |f| {
            f.statistics = Some(StatisticsFault::ShortOnce);
        }),
        ("statistics-documented", |f| {
            f.statistics = Some(StatisticsFault::Documented);
        }),
        ("statistics-open", |f| {
            f.statistics = Some(StatisticsFault::Open);
        }),
        ("statistics-404", |f| {
            f.statistics = Some(StatisticsFault::NotFound);
        }),
        ("statistics-405", |f| {
            f.statistics = Some(StatisticsFault::WrongMethod);
        }),
        ("statistics-500", |f| {
            f.statistics = Some(StatisticsFault::Failing);
        }),
        ("statistics-page", |f| {
            f.statistics = Some(StatisticsFault::Page);
        }),
        ("statistics-garbage", |f| {
            f.statistics = Some(StatisticsFault::Garbage);
        }),
        ("statistics-moved", |f| {
            f.statistics = Some(StatisticsFault::Moved);
        }),
    ];

    /// Returns the names of all faults, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().map(|(name, _)| name)
    }

    /// Adds the fault of this name. Returns `false` if there is none.
    pub fn add(&mut self, name: &str) -> bool {
        let found = Self::NAMES.into_iter().find(|(known, _)| *known == name);
        if let Some((_, set)) = found {
            set(self);
        }
        found.is_some()
    }
}
