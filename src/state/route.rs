//! The pages.

/// A page of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Route {
    /// The table.
    #[default]
    Experiments,
    /// Running and finished downloads.
    Downloads,
    /// The user and the session, as the server reports them.
    Status,
    /// Settings and About.
    Settings,
}

impl Route {
    /// All of them, in the order of the rail.
    pub const ALL: [Self; 4] = [
        Self::Experiments,
        Self::Downloads,
        Self::Status,
        Self::Settings,
    ];

    /// Returns the name in the settings.
    pub fn key(self) -> &'static str {
        match self {
            Self::Experiments => "experiments",
            Self::Downloads => "downloads",
            Self::Status => "status",
            Self::Settings => "settings",
        }
    }

    /// Returns the page of that name, or `None` if the name is unknown.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.key() == key)
    }

    /// Returns the name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Experiments => "Experiments",
            Self::Downloads => "Downloads",
            Self::Status => "Status",
            Self::Settings => "Settings",
        }
    }
}
