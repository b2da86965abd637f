//! What a wait counts for its outcome, beside what the core counts.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::outcome::Answer;

/// Fits into itself: a session of a fleet is woken and laid down with every poll.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Waited before the last beginning.
    pub(crate) waited: Duration,
    pub(crate) items: u64,
    pub(crate) bytes: u64,
    pub(crate) answers: Answers,
}

/// How many requests got which answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers([u32; Answer::ALL.len()]);

impl Tally {
    pub(crate) fn count(&mut self, answer: Answer, times: u32) {
        self.answers.add(answer, times);
    }

    /// Of `polls` requests, those without any answer got [`Answer::Nothing`]: so the counts add up.
    pub(crate) fn count_unanswered(&mut self, polls: u32) {
        let answered = self.answers.0.iter().fold(0, |sum: u32, count| sum.saturating_add(*count));
        self.count(Answer::Nothing, polls.saturating_sub(answered));
    }
}

impl Answers {
    pub(crate) fn add(&mut self, answer: Answer, times: u32) {
        for (each, count) in Answer::ALL.iter().zip(&mut self.0) {
            if *each == answer {
                *count = count.saturating_add(times);
            }
        }
    }

    /// Those that were there at all, in the order of [`Answer::ALL`].
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Answer, u32)> {
        Answer::ALL.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }

    pub(crate) fn by_answer(&self) -> BTreeMap<Answer, u32> {
        self.iter().collect()
    }
}

impl FromIterator<(Answer, u32)> for Answers {
    fn from_iter<T: IntoIterator<Item = (Answer, u32)>>(counts: T) -> Answers {
        let mut answers = Answers::default();
        for (answer, count) in counts {
            answers.add(answer, count);
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_without_an_answer_are_counted_once() {
        let mut tally = Tally::default();
        tally.count(Answer::Ok, 3);
        for (polls, nothing) in
            [(0, None), (3, None), (5, Some(2)), (5, Some(2)), (4, Some(2)), (u32::MAX, Some(u32::MAX - 3))]
        {
            tally.count_unanswered(polls);
            assert_eq!(tally.answers.by_answer().get(&Answer::Nothing).copied(), nothing, "{polls}");
        }
        assert_eq!(tally.answers.by_answer().into_iter().collect::<Answers>(), tally.answers);
    }
}
