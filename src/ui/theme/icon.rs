//! The icons: characters of the embedded icon font (Lucide).

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Icon(pub(super) char);

impl Icon {
    pub(crate) const ALERT: Self = Self('\u{e077}');
    pub(crate) const ARROW_DOWN: Self = Self('\u{e042}');
    pub(crate) const ARROW_UP: Self = Self('\u{e04a}');
    pub(crate) const CHECK: Self = Self('\u{e06c}');
    pub(crate) const CHECKED: Self = Self('\u{e226}');
    pub(crate) const BOOKMARK: Self = Self('\u{e060}');
    pub(crate) const CHEVRON_LEFT: Self = Self('\u{e06e}');
    pub(crate) const CHEVRON_DOWN: Self = Self('\u{e06d}');
    pub(crate) const CHEVRON_RIGHT: Self = Self('\u{e06f}');
    pub(crate) const CLOCK: Self = Self('\u{e087}');
    pub(crate) const COMMAND: Self = Self('\u{e09a}');
    pub(crate) const PLUS: Self = Self('\u{e13d}');
    pub(crate) const FILE_TEXT: Self = Self('\u{e0cc}');
    pub(crate) const CODE: Self = Self('\u{e093}');
    pub(crate) const COLUMNS: Self = Self('\u{e099}');
    pub(crate) const COPY: Self = Self('\u{e09e}');
    pub(crate) const CROSS: Self = Self('\u{e1b2}');
    pub(crate) const DOWNLOAD: Self = Self('\u{e0b2}');
    pub(crate) const EXTERNAL: Self = Self('\u{e0b9}');
    pub(crate) const EYE: Self = Self('\u{e0ba}');
    pub(crate) const EYE_OFF: Self = Self('\u{e0bb}');
    pub(crate) const FAILED: Self = Self('\u{e084}');
    pub(crate) const FILTER: Self = Self('\u{e0dc}');
    pub(crate) const FOLDER: Self = Self('\u{e0d7}');
    pub(crate) const GLOBE: Self = Self('\u{e0e8}');
    pub(crate) const INFO: Self = Self('\u{e0f9}');
    pub(crate) const KEY: Self = Self('\u{e4a3}');
    pub(crate) const LOADER: Self = Self('\u{e109}');
    pub(crate) const TRASH: Self = Self('\u{e18e}');
    pub(crate) const LOCK: Self = Self('\u{e10b}');
    pub(crate) const LOG_IN: Self = Self('\u{e10d}');
    pub(crate) const LOG_OUT: Self = Self('\u{e10e}');
    pub(crate) const MINUS: Self = Self('\u{e11c}');
    pub(crate) const PAUSE: Self = Self('\u{e12e}');
    pub(crate) const PLAY: Self = Self('\u{e13c}');
    pub(crate) const PASTE: Self = Self('\u{e3e8}');
    pub(crate) const REFRESH: Self = Self('\u{e145}');
    pub(crate) const PANEL: Self = Self('\u{e431}');
    pub(crate) const SCATTER: Self = Self('\u{e48a}');
    pub(crate) const STAR: Self = Self('\u{e176}');
    pub(crate) const CALENDAR: Self = Self('\u{e063}');
    pub(crate) const NOTE: Self = Self('\u{e303}');
    pub(crate) const SEARCH: Self = Self('\u{e151}');
    pub(crate) const SETTINGS: Self = Self('\u{e162}');
    pub(crate) const SHIELD: Self = Self('\u{e1ff}');
    pub(crate) const STATUS: Self = Self('\u{e038}');
    pub(crate) const TABLE: Self = Self('\u{e17d}');
    pub(crate) const USER: Self = Self('\u{e19f}');
    pub(crate) const WARNING: Self = Self('\u{e193}');
    pub(crate) const SERVER: Self = Self('\u{e153}');
    pub(crate) const HELP: Self = Self('\u{e082}');
    pub(crate) const BAN: Self = Self('\u{e051}');

    /// Returns the character in the icon font.
    pub(crate) const fn glyph(self) -> char {
        self.0
    }
}
