//! The pages.

/// A page of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Route {
    /// The table.
    #[default]
    Experiments,
    /// What is under way and what is done.
    Downloads,
    /// What the server thinks of the user.
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

    /// The name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Experiments => "Experiments",
            Self::Downloads => "Downloads",
            Self::Status => "Status",
            Self::Settings => "Settings",
        }
    }
}
