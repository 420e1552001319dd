//! The progress of invented experiments, in the words of the service.

/// What the server calls a successful data collection.
pub(super) const SUCCESS: &str = "Success - data collected";

/// Returns the progress of the analysis; some have no status at all.
pub(super) fn invent_status(
    rng: &mut fastrand::Rng,
    is_modelled: bool,
    outcome: &str,
) -> Option<&'static str> {
    let is_success = outcome == SUCCESS;
    let modelled = [
        Some("Structure deposited"),
        Some("CompChem ready"),
        Some("Refinement in progress"),
    ];
    let measured = [
        Some("Analysis pending"),
        Some("Analysis pending"),
        Some("Structure analysed and rejected"),
        Some("Analysis in progress"),
        None,
    ];
    match (is_modelled, is_success) {
        (true, _) => rng.choice(modelled).flatten(),
        (false, true) => rng.choice(measured).flatten(),
        (false, false) => Some("Data collection failed"),
    }
}

/// Returns the crystallographer's confidence in the ligand, if it was assessed.
pub(super) fn invent_confidence(
    rng: &mut fastrand::Rng,
    is_modelled: bool,
    status: Option<&str>,
) -> Option<&'static str> {
    let choices = [
        "High confidence",
        "High confidence",
        "Correct ligand, but weak density",
        "Low confidence",
    ];
    match (is_modelled, status) {
        (true, _) => rng.choice(choices),
        (false, Some("Structure analysed and rejected")) => Some("No ligand modelled"),
        (false, _) => None,
    }
}
