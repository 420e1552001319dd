//! The actions of a user: looking, clicking, typing, waiting.

use egui_kittest::{
    Node,
    kittest::{NodeT as _, Queryable as _},
};
use fragalysis_desktop::{demo::ALICE, model::DownloadRequest};
use std::{
    path::Path,
    sync::mpsc::RecvTimeoutError,
    time::{Duration, Instant},
};

use super::{BOUND, Desk, LOOK, assert_folder_is};

impl Desk {
    /// Whether a control or text with exactly this name is on screen.
    pub(crate) fn sees(&self, label: &str) -> bool {
        self.window.query_all_by_label(label).next().is_some()
    }

    /// Runs something on the desk's own runtime.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The text that the last steps have put on the clipboard.
    pub(crate) fn copied(&mut self) -> Option<String> {
        self.clipboard.take()
    }

    /// The picture that the last steps have put on the clipboard.
    pub(crate) fn copied_picture(&mut self) -> Option<egui::ColorImage> {
        self.copied_picture.take()
    }

    /// Every title that the window was given.
    pub(crate) fn titles(&self) -> String {
        self.titles.join("\n")
    }

    /// Runs the frames for press and release, and draws the result.
    pub(crate) fn steps(&mut self) {
        for _ in 0..4 {
            self.step();
        }
    }

    /// One frame; keeps what leaves the window with it.
    fn step(&mut self) {
        self.window.step();
        let output = self.window.output();
        for command in &output.platform_output.commands {
            if let egui::OutputCommand::CopyImage(picture) = command {
                self.copied_picture = Some(picture.clone());
            }
            if let egui::OutputCommand::CopyText(text) = command {
                self.clipboard = Some(text.clone());
            }
        }
        // One step may be several frames, of which only the last one leaves its commands here.
        let title = self.window.state().title();
        if self.titles.last().is_none_or(|last| last != title) {
            self.titles.push(title.to_owned());
        }
    }

    /// After how long the window wants to be drawn again if nothing happens.
    pub(crate) fn next_repaint(&self) -> Duration {
        let outputs = &self.window.output().viewport_output;
        outputs
            .values()
            .map(|output| output.repaint_delay)
            .min()
            .unwrap_or(Duration::MAX)
    }

    /// Where the first control or text with this name is.
    pub(crate) fn place(&self, label: &str) -> egui::Rect {
        self.window.query_all_by_label(label).next().unwrap().rect()
    }

    /// Whether a text that holds this is on screen.
    pub(crate) fn reads(&self, part: &str) -> bool {
        self.window
            .query_all_by_label_contains(part)
            .next()
            .is_some()
    }

    /// Clicks the control with this name, once it is there.
    pub(crate) fn click(&mut self, label: &str) {
        self.wait_until(&format!("a control “{label}”"), |desk| {
            desk.control(label).is_some()
        });
        // What has just appeared may still find its place; what is gone again is waited for once more.
        let end = Instant::now() + BOUND;
        let mut before = None;
        loop {
            let now = self.control(label).map(|control| control.rect());
            if now.is_some() && now == before {
                break;
            }
            assert!(
                Instant::now() < end,
                "“{label}” does not stand still; on screen was:\n{}",
                self.on_screen()
            );
            before = now;
            self.step();
        }
        self.control(label).unwrap().click();
        self.steps();
    }

    /// Right-clicks at a position.
    pub(crate) fn click_secondary(&mut self, at: egui::Pos2) {
        let click = |pressed| egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Secondary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        self.window.event(egui::Event::PointerMoved(at));
        self.step();
        for pressed in [true, false] {
            self.window.event(click(pressed));
            self.step();
        }
        self.steps();
    }

    /// Brings a control into sight, as a wheel does.
    pub(crate) fn scroll_to(&mut self, label: &str) {
        self.control(label).unwrap().scroll_to_me();
        for _ in 0..20 {
            self.step();
        }
    }

    /// Types into the field with this name.
    pub(crate) fn write(&mut self, field: &str, text: &str) {
        self.click(field);
        self.control(field).unwrap().type_text(text);
        for _ in 0..3 {
            self.step();
        }
    }

    /// Appends text to the field that has the focus.
    pub(crate) fn write_further(&mut self, field: &str, text: &str) {
        self.control(field).unwrap().type_text(text);
        for _ in 0..3 {
            self.step();
        }
    }

    /// Asks the window to close, as its own button does.
    pub(crate) fn ask_to_close(&mut self) {
        let viewports = &mut self.window.input_mut().viewports;
        let window = viewports.entry(egui::ViewportId::ROOT).or_default();
        window.events.push(egui::ViewportEvent::Close);
        self.step();
        // The event is of that one frame.
        let viewports = &mut self.window.input_mut().viewports;
        let window = viewports.entry(egui::ViewportId::ROOT).or_default();
        window.events.clear();
        self.step();
    }

    /// Whether the window wants to be closed now.
    pub(crate) fn closes(&self) -> bool {
        let outputs = &self.window.output().viewport_output;
        outputs.values().any(|output| {
            let commands = output.commands.iter();
            commands
                .into_iter()
                .any(|command| matches!(command, egui::ViewportCommand::Close))
        })
    }

    /// Clicks the first control whose name begins like this, and says what its whole name was.
    pub(crate) fn click_beginning(&mut self, start: &str) -> String {
        let find = |desk: &Self| {
            let nodes = desk.window.query_all_by_label_contains(start);
            let names = nodes.filter_map(|node| {
                let inner = node.accesskit_node();
                (inner.role() != egui::Role::Label)
                    .then(|| inner.label())
                    .flatten()
            });
            names.into_iter().find(|name| name.starts_with(start))
        };
        self.wait_until(&format!("a control “{start}…”"), |desk| {
            find(desk).is_some()
        });
        // A name that counts something changes when the count comes.
        let mut before = None;
        let end = Instant::now() + BOUND;
        while before.is_none() || before != find(self) {
            assert!(Instant::now() < end, "“{start}…” does not stand still");
            before = find(self);
            for _ in 0..3 {
                self.step();
            }
        }
        let name = find(self).unwrap();
        self.click(&name);
        name
    }

    /// Empties the field with this name.
    pub(crate) fn clear(&mut self, field: &str) {
        self.click(field);
        self.window
            .key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        self.step();
        self.window.key_press(egui::Key::Delete);
        for _ in 0..3 {
            self.step();
        }
    }

    /// Begins two downloads that are received for more than a minute.
    pub(crate) fn begin_two_slow_downloads(&mut self) {
        self.click("Settings");
        self.write("Another limit in MB/s", "0.4");
        self.click("Use this limit");
        for _ in 0..2 {
            self.click("Experiments");
            self.click("Download A71EV2A…");
            self.click("Everything");
            self.click_beginning("Download all ");
        }
        self.wait_until("both to be received", |desk| {
            let receiving = desk.window.query_all_by_label_contains("Receiving");
            receiving
                .filter(|node| node.accesskit_node().role() == egui::Role::Label)
                .count()
                >= 2
        });
    }

    /// Waits for a while, and draws only when the program asks for it. Returns how often it drew, and how long it took
    /// in total.
    pub(crate) fn observe(&mut self, time: Duration) -> (u32, Duration) {
        let (mut frames, mut busy) = (0, Duration::ZERO);
        let end = Instant::now() + time;
        while let Some(rest) = end.checked_duration_since(Instant::now()) {
            if self.wakes.recv_timeout(rest).is_err() {
                break;
            }
            // What has come meanwhile is drawn with it.
            while self.wakes.try_recv().is_ok() {}
            let begun = Instant::now();
            self.window.step();
            let shapes = self.window.output().shapes.clone();
            drop(self.window.ctx.tessellate(shapes, 1.0));
            busy += begun.elapsed();
            frames += 1;
        }
        (frames, busy)
    }

    /// Waits until a text that holds this is on screen.
    pub(crate) fn wait_to_read(&mut self, part: &str) {
        self.wait_until(&format!("the text “{part}”"), |desk| desk.reads(part));
    }

    /// Waits for something, with a bound.
    pub(crate) fn wait_until(&mut self, what: &str, is_true: impl Fn(&Self) -> bool) {
        let end = Instant::now() + BOUND;
        loop {
            self.step();
            if is_true(self) {
                return;
            }
            assert!(
                Instant::now() < end,
                "timed out waiting for {what}; on screen was:\n{}",
                self.on_screen()
            );
            match self.wakes.recv_timeout(LOOK) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("the program is gone"),
            }
        }
    }

    /// Everything with a name that is on screen, one line each.
    pub(crate) fn on_screen(&self) -> String {
        let mut lines = Vec::new();
        let mut nodes: Vec<Node<'_>> = vec![self.window.root()];
        while let Some(node) = nodes.pop() {
            let inner = node.accesskit_node();
            if let Some(label) = inner.label().or_else(|| inner.value()) {
                lines.push(format!("{:?} “{label}”", inner.role()));
            }
            nodes.extend(node.children());
        }
        lines.reverse();
        lines.join("\n")
    }

    /// Signs in to the demo with one of its tokens.
    pub(crate) fn sign_in(&mut self, token: &str) {
        self.click(token);
        self.click("Sign in");
        self.wait_for_table();
    }

    /// Signs in and shows one target: it stands at the left, or in a menu where the window is narrow.
    pub(crate) fn sign_in_to_target(&mut self) {
        self.sign_in(ALICE);
        if !self.sees("A71EV2A lb32627-66") {
            self.click("All targets");
        }
        self.click("A71EV2A lb32627-66");
    }

    /// Signs in and opens the statistics of the authenticator, with their address filled in.
    pub(crate) fn open_statistics(&mut self) {
        self.sign_in(ALICE);
        self.click("Status");
        self.click("Authenticator statistics, for administrators");
        let address = self.demo.statistics_address().as_str().to_owned();
        self.write("Address of the statistics", &address);
    }

    /// Waits until all experiments are there.
    pub(crate) fn wait_for_table(&mut self) {
        self.wait_until("experiments", |desk| {
            let is_partial = desk.window.state().state().experiments.is_partial();
            desk.sees("Select all shown") && !is_partial
        });
    }

    /// Presses a key, and draws what comes of it.
    pub(crate) fn press(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.window.key_press_modifiers(modifiers, key);
        for _ in 0..4 {
            self.step();
        }
    }

    /// Turns the wheel over the middle of the window until the page is at its end.
    pub(crate) fn scroll_down(&mut self) {
        let middle = self.window.ctx.content_rect().center();
        self.window.event(egui::Event::PointerMoved(middle));
        self.window.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -5000.0),
            modifiers: egui::Modifiers::NONE,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
        });
        for _ in 0..4 {
            self.step();
        }
    }

    /// Presses the keys for copying.
    pub(crate) fn press_copy(&mut self) {
        self.window.event(egui::Event::Copy);
        self.step();
    }

    /// Looks at the window.
    pub(crate) fn picture(&mut self) -> image::RgbaImage {
        self.window.render().unwrap()
    }

    /// Compares a folder on disk with what the server meant to send, byte by byte.
    pub(crate) fn assert_folder_is(&self, folder: &Path, request: &DownloadRequest) {
        assert_folder_is(&self.demo, folder, request);
    }

    /// The control with this name; texts do not count.
    fn control<'a>(&'a self, label: &'a str) -> Option<Node<'a>> {
        let is_text = |node: &Node<'_>| node.accesskit_node().role() == egui::Role::Label;
        self.window
            .query_all_by_label(label)
            .find(|node| !is_text(node))
    }
}
