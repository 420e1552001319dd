//! One type per kind of id, so that a target's number never selects an experiment.

use serde::{Deserialize, Deserializer, Serialize};

use crate::model::Integer;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl<'de> Deserialize<'de> for $name {
            /// Accepts a number or the same number as text: servers send both.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Integer::deserialize(deserializer)?
                    .0
                    .map(Self)
                    .ok_or_else(|| serde::de::Error::custom("an id is missing or is not a number"))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A target on one server.
    TargetId
);
id!(
    /// A project: the server's record of a target access string.
    ProjectId
);
id!(
    /// An experiment: one crystal that was soaked and measured.
    ExperimentId
);
id!(
    /// A row of a table: the id of its experiment or, in a table of hits, of its observation.
    RowId
);
id!(
    /// An observation: one ligand seen bound.
    ObservationId
);
id!(
    /// A compound in the server's registry.
    CompoundId
);
