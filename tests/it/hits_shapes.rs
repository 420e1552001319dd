//! Hits as cards and in groups, by site, tag, pose and similarity: what the page shows, and what is downloaded.

use std::collections::BTreeSet;

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use fragalysis_desktop::{
    demo::{ALICE, Faults, Generation},
    state::DrawingState,
    table::{CardSize, Condition, HitsShape, STRUCTURE, Subject},
};

use crate::harness::{Desk, Setup, files};

pub(crate) fn shown(desk: &Desk) -> usize {
    desk.window.state().state().experiments.view.len()
}

pub(crate) fn selected(desk: &Desk) -> usize {
    desk.window
        .state()
        .state()
        .experiments
        .view
        .selected()
        .len()
}

/// The hits of a target, in a window with room for everything.
pub(crate) fn hits_of(setup: Setup, target: &str) -> Desk {
    let mut desk = Desk::new(Setup {
        size: (1600.0, 900.0),
        ..setup
    });
    desk.sign_in(ALICE);
    desk.click(target);
    desk.click("Hits");
    desk.wait_until("the hits", |desk| desk.sees("Cards"));
    desk
}

pub(crate) fn tick(desk: &mut Desk, name: &str) {
    desk.wait_until(name, |desk| {
        let mut ticks = desk
            .window
            .query_all_by_role_and_label(Role::CheckBox, name);
        ticks.next().is_some()
    });
    let ticks = desk
        .window
        .query_all_by_role_and_label(Role::CheckBox, name);
    ticks.last().unwrap().click();
    desk.steps();
}

#[test]
fn cards_are_walked_through_and_selected_by_keys_and_keep_their_size() {
    let mut desk = hits_of(Setup::default(), "Mpro lb18145-1");
    let all = shown(&desk);
    desk.click("Cards");
    assert!(desk.sees(&format!("Hits, {all} cards")));
    desk.wait_until("a drawing", |desk| {
        let state = desk.window.state().state();
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let smiles = sheet.text(sheet.place(STRUCTURE).unwrap(), view.row(0).unwrap());
        matches!(state.drawings.get(&smiles), DrawingState::Ready(_))
    });
    // A card says what stands on it: code, site, resolution and confidence.
    let cards = || {
        let cards = desk.window.query_all_by_role(Role::ListBoxOption);
        cards.filter_map(|card| card.accesskit_node().label())
    };
    let card = cards().find(|name| name.contains("active site")).unwrap();
    assert!(card.contains(" Å"), "{card}");
    let first = desk
        .window
        .query_all_by_role(Role::ListBoxOption)
        .find(|node| {
            let name = node.accesskit_node().label().unwrap_or_default();
            name.contains(" Å")
        });
    first.unwrap().click();
    desk.steps();
    assert_eq!(selected(&desk), 1);
    // The keys go from card to card, and to the row below; Space selects one more.
    desk.press(Modifiers::NONE, Key::ArrowDown);
    desk.press(Modifiers::NONE, Key::ArrowRight);
    desk.press(Modifiers::NONE, Key::Space);
    assert_eq!(selected(&desk), 2);
    desk.press(Modifiers::SHIFT, Key::ArrowRight);
    assert!(selected(&desk) >= 2);
    desk.press(Modifiers::NONE, Key::Enter);
    assert!(desk.sees("Close the details"));
    desk.press(Modifiers::NONE, Key::End);
    desk.press(Modifiers::COMMAND, Key::A);
    assert_eq!(selected(&desk), all);
    desk.click("L");
    let look = |desk: &Desk| desk.window.state().state().settings.hits_look.clone();
    assert_eq!(look(&desk).card, CardSize::Large);
    // At the next start it is as it was.
    let mut desk = desk.restart_as_demo();
    desk.sign_in(ALICE);
    assert_eq!(look(&desk).shape, HitsShape::Cards);
    assert_eq!(look(&desk).card, CardSize::Large);
}

#[test]
fn sites_and_tags_are_ticked_in_a_pane_that_counts_what_is_there() {
    for generation in Generation::ALL {
        let mut desk = hits_of(Setup::from(generation), "Mpro lb18145-1");
        let all = shown(&desk);
        tick(&mut desk, "1 - active site");
        let at_site = shown(&desk);
        assert!(at_site > 0 && at_site < all);
        assert!(desk.reads("Site: 1 - active site"));
        tick(&mut desk, "2 - dimer interface");
        assert!(shown(&desk) > at_site);
        tick(&mut desk, "2 - dimer interface");
        tick(&mut desk, "One hit of each pose");
        let poses = shown(&desk);
        assert!(poses > 0 && poses <= at_site);
        let state = desk.window.state().state();
        let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
        let role = sheet.place("pose_role").unwrap();
        assert!(view.shown().all(|row| sheet.text(role, row) != "Other"));
        desk.click("Clear filters and search");
        assert_eq!(shown(&desk), all);
        // Several tags: any of them, or all.
        tick(&mut desk, "reviewed");
        let reviewed = shown(&desk);
        tick(&mut desk, "covalent");
        let any = shown(&desk);
        assert!(any > reviewed, "{any} {reviewed}");
        desk.click("All of them");
        assert!(shown(&desk) < reviewed);
        desk.click("Close the sites and tags");
        assert!(!desk.sees("One hit of each pose"));
        desk.click("Show the sites and tags");
        assert!(desk.sees("One hit of each pose"));
    }
}

#[test]
fn hits_are_grouped_by_what_they_share_and_a_group_leads_to_its_rows() {
    let mut desk = hits_of(Setup::default(), "All targets");
    let all = shown(&desk);
    desk.click("Groups");
    desk.wait_to_read(" groups");
    desk.click("Group by compound");
    desk.click("Scaffold");
    desk.wait_to_read("Group by scaffold");
    desk.click("Seen in several targets");
    let state = desk.window.state().state();
    assert!(state.settings.hits_look.is_shared_only);
    desk.click("Seen in several targets");
    desk.click("Group by scaffold");
    desk.click("Site");
    let group = desk.click_beginning("1 - active site: ");
    let count: usize = group
        .split(": ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .unwrap();
    let state = desk.window.state().state();
    assert_eq!(state.settings.hits_look.shape, HitsShape::Table);
    assert_eq!(shown(&desk), count, "{group}");
    assert!(count < all);
    let filter = state.experiments.view.filter("site").unwrap();
    let meant = Condition::OneOf(BTreeSet::from(["1 - active site".to_owned()]));
    assert_eq!(filter.condition, meant);
}

#[test]
fn hits_like_a_molecule_are_found_with_a_bound_that_can_be_moved() {
    let mut desk = hits_of(Setup::default(), "All targets");
    let all = shown(&desk);
    let state = desk.window.state().state();
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    let row = view.row(0).unwrap();
    let smiles = sheet
        .text(sheet.place(STRUCTURE).unwrap(), row)
        .into_owned();
    let id = sheet.id(row);
    desk.click("Similar to");
    desk.write("Find structures", &smiles);
    desk.wait_until("those that are like it", |desk| shown(desk) < all);
    assert!(desk.reads("at least 0.50"));
    let state = desk.window.state().state();
    let (view, sheet) = (&state.experiments.view, state.experiments.sheet());
    assert!(
        view.shown().any(|row| sheet.id(row) == id),
        "it is like itself"
    );
    let like = shown(&desk);
    desk.click("Minimum similarity");
    for _ in 0..60 {
        desk.press(Modifiers::NONE, Key::ArrowRight);
    }
    assert!(shown(&desk) <= like && shown(&desk) > 0);
    // Where nothing is so similar, the page says how near the nearest one is.
    for _ in 0..60 {
        desk.press(Modifiers::NONE, Key::ArrowRight);
    }
    desk.write("Find structures", "CCCCCCCCCC");
    desk.wait_until("nothing", |desk| shown(desk) == 0);
    desk.wait_to_read("The most similar hit reaches 0.");
    desk.click_beginning("Lower the minimum similarity to 0.");
    desk.wait_until("the nearest", |desk| shown(desk) > 0);
    desk.click("Clear filters and search");
    desk.write("Find structures", "c1ccncc1C");
    desk.wait_until("some", |desk| shown(desk) < all);
    // What is no SMILES changes nothing, and says so beside the field.
    let before = shown(&desk);
    desk.write("Find structures", "(");
    desk.wait_to_read("is not a valid SMILES");
    assert_eq!(shown(&desk), before);
    desk.click("Contains");
    desk.click("Undo the last change (Ctrl+Z)");
}

#[test]
fn a_download_takes_the_observations_of_a_site_one_of_each_pose() {
    for generation in Generation::ALL {
        let mut desk = Desk::new(Setup::from(generation));
        desk.sign_in(ALICE);
        desk.click("Mpro lb18145-1");
        desk.click("Download Mpro…");
        desk.click("By site or tag");
        desk.wait_to_read("Tick at least one site or tag");
        tick(&mut desk, "2 - dimer interface");
        let at_site = observations(&desk);
        tick(&mut desk, "One observation of each pose");
        let count = observations(&desk);
        assert!(count > 0 && count <= at_site, "{count} of {at_site}");
        desk.click_beginning(&format!("Download {count} "));
        desk.wait_to_read("Complete");
        let codes: BTreeSet<String> = files(&desk.downloads())
            .iter()
            .filter_map(|path| path.split_once("aligned_files/"))
            .filter_map(|(_, path)| Some(path.split_once('/')?.0.to_owned()))
            .collect();
        assert_eq!(codes.len(), count, "{codes:?}");
    }
}

/// How many observations the dialog says that it will download.
pub(crate) fn observations(desk: &Desk) -> usize {
    let label = desk
        .window
        .query_all_by_label_contains(" will be downloaded")
        .next()
        .and_then(|node| {
            node.accesskit_node()
                .value()
                .or(node.accesskit_node().label())
        })
        .unwrap();
    label.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn virtual_observations_and_invalid_molecules_do_not_affect_others() {
    let faults = Faults {
        virtual_rows: true,
        ..Faults::default()
    };
    let mut desk = hits_of(Setup::from(faults), "All targets");
    let state = desk.window.state().state();
    let sheet = state.experiments.sheet();
    let (name, smiles) = (
        sheet.place("virtual_name").unwrap(),
        sheet.place(STRUCTURE).unwrap(),
    );
    let computed: Vec<usize> = (0..sheet.len())
        .filter(|row| !sheet.text(name, *row).is_empty())
        .collect();
    assert_eq!(computed.len(), 4);
    let texts: Vec<String> = computed
        .iter()
        .map(|row| sheet.text(smiles, *row).into_owned())
        .collect();
    // What is in sight is drawn: these stand behind all that have a resolution.
    desk.click("Code");
    desk.click_beginning("Code");
    for code in ["v1a", "v2a", "v3a", "v4a"] {
        desk.wait_until(code, |desk| desk.sees(code));
    }
    // Stereo, charges and a salt are drawn; what is no molecule stays a text.
    desk.wait_until("the drawings", |desk| {
        let drawings = &desk.window.state().state().drawings;
        texts.iter().all(|smiles| {
            !matches!(
                drawings.get(smiles),
                DrawingState::NotAsked | DrawingState::OnItsWay
            )
        })
    });
    let drawings = &desk.window.state().state().drawings;
    for smiles in &texts {
        let is_drawn = matches!(drawings.get(smiles), DrawingState::Ready(_));
        assert_eq!(is_drawn, smiles != "C1CC", "{smiles}");
    }
    // Asked for everything, no one misses what was never measured.
    let name = (Role::RadioButton, "Experiments");
    desk.window.get_by_role_and_label(name.0, name.1).click();
    desk.wait_until("the other table", |desk| {
        desk.window.state().state().experiments.subject == Subject::Experiments
    });
    desk.click("A71EV2A lb18145-1");
    desk.click("Download A71EV2A…");
    desk.click_beginning("Download all ");
    desk.wait_to_read("Complete");
}
