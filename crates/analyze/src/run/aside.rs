//! Analyzes large files on a thread of its own, one at a time.
//!
//! An analyzer may ponder a large program for as long as the unpacker needs for all that the queue to the walk can
//! hold. If the walk waited for it, the unpacker would wait too, and a core be idle.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

use super::ask::Question;
use super::memory::Room;
use crate::index::InterestIndex;
use crate::layer::LayerFacts;

/// From this size on a file is worth the way to another thread.
pub(super) const LARGE: u64 = 4 << 20;

/// What was said of it, and the room.
struct Answer {
    said: LayerFacts,
    room: Option<Room>,
}

/// The thread, seen from the walk.
pub(super) struct Aside {
    questions: SyncSender<Question>,
    answers: Receiver<Answer>,
    /// Where what is said of the file in work belongs among the facts and the problems of the layer.
    place: Option<(usize, usize)>,
}

impl Aside {
    /// Starts the thread; `None` if the system gives none, and then the walk does the work itself.
    pub(super) fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        index: &'scope InterestIndex,
    ) -> Option<Self> {
        let (questions, to_do) = sync_channel::<Question>(1);
        let (done, answers) = sync_channel(1);
        std::thread::Builder::new()
            .name("analyze".into())
            .spawn_scoped(scope, move || {
                for mut question in to_do {
                    let mut said = LayerFacts::default();
                    question.ask(index, &mut said);
                    // A temporary file goes when nobody waits for it any more.
                    let (room, _spool) = match question.end() {
                        Ok(room) => (Some(room), None),
                        Err(spool) => (None, Some(spool)),
                    };
                    if done.send(Answer { said, room }).is_err() {
                        return;
                    }
                }
            })
            .ok()?;
        Some(Self {
            questions,
            answers,
            place: None,
        })
    }

    /// Begins with a file, after [`Aside::end`] of the one before; `said` is what was said of files up to it.
    pub(super) fn begin(&mut self, question: Question, said: &LayerFacts) {
        self.place = Some((said.facts.len(), said.problems.len()));
        // It listens as long as this exists, unless an analyzer panicked; then so does the scope.
        let _ = self.questions.send(question);
    }

    /// Waits for the file in work, and adds what was said of it to what is said of the layer. The answer is its
    /// room, if it had any.
    pub(super) fn end(&mut self, layer: &mut LayerFacts) -> Option<Room> {
        let (facts, problems) = self.place.take()?;
        let Answer { said, room } = self.answers.recv().ok()?;
        layer.facts.splice(facts..facts, said.facts);
        layer.problems.splice(problems..problems, said.problems);
        room
    }
}
