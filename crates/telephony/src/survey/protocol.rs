//! What a survey call says, and what it makes of what it hears.
//!
//! An intro, then one question after the other; a key from 1 to 5 answers, also while the question is still being read.
//! A wrong key, or none, has the question put once more; after that it is left out. Who hangs up midway has answered what
//! was answered. When nobody has pressed anything for the first questions, the rest is spared: that is an answering
//! machine, or somebody who does not want to.

use crate::protocol::dtmf::Digit;
use crate::protocol::g711::Sound;
use std::collections::VecDeque;
use vocabulary::Parameter;

/// The lowest and the highest key that is an answer.
const KEYS: std::ops::RangeInclusive<u8> = 1..=5;
/// After this many questions without a single key the call is ended.
const SILENT_QUESTIONS_MAX: usize = 3;

/// What is said in a survey call.
#[derive(Clone, Debug)]
pub struct SurveyScript {
    /// Who calls, why, and how to answer.
    pub intro: Sound,
    /// The questions, in the order in which they are put.
    pub questions: Vec<(Parameter, Sound)>,
    /// Said before a question is put again.
    pub repeat: Sound,
    /// Said at the end.
    pub thanks: Sound,
}

impl SurveyScript {
    /// The script of the six parameters, in the order given, from sounds found by name: `survey-intro`,
    /// `survey-<parameter>`, `survey-repeat` and `survey-thanks`.
    ///
    /// # Errors
    /// The first sound that `load` cannot find.
    pub fn load<E>(
        parameters: &[Parameter],
        mut load: impl FnMut(&str) -> Result<Sound, E>,
    ) -> Result<Self, E> {
        let question = |load: &mut dyn FnMut(&str) -> Result<Sound, E>, parameter: &Parameter| {
            let name = format!("survey-{}", parameter.as_str().replace('_', "-"));
            Ok((*parameter, load(&name)?))
        };
        Ok(Self {
            intro: load("survey-intro")?,
            questions: parameters.iter().map(|p| question(&mut load, p)).collect::<Result<_, E>>()?,
            repeat: load("survey-repeat")?,
            thanks: load("survey-thanks")?,
        })
    }

    /// What `part` sounds like; none for a question that is not asked.
    #[must_use]
    pub fn sound(&self, part: Part) -> Option<Sound> {
        match part {
            Part::Intro => Some(self.intro.clone()),
            Part::Question(index) => self.questions.get(index).map(|(_, sound)| sound.clone()),
            Part::Repeat => Some(self.repeat.clone()),
            Part::Thanks => Some(self.thanks.clone()),
        }
    }
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// What was asked about.
    pub parameter: Parameter,
    /// 1 (worst) to 5 (best).
    pub score: u8,
}

/// How a survey call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SurveyOutcome {
    /// Nobody took the call.
    Unreached,
    /// Somebody did; the answers, in the order of the questions. Perhaps not all, perhaps none.
    Answered(Vec<Score>),
}

/// A part of the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// [`SurveyScript::intro`].
    Intro,
    /// The question with this index.
    Question(usize),
    /// [`SurveyScript::repeat`].
    Repeat,
    /// [`SurveyScript::thanks`].
    Thanks,
}

/// What happens in the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Somebody took the call.
    Taken,
    /// Nobody did, or it could not be made.
    NotTaken,
    /// What was to be played with this token has been.
    Played(u64),
    /// A key was pressed.
    Key(Digit),
    /// The wait with this token is over.
    TimedOut(u64),
    /// The call is gone.
    HungUp,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Play these, one after the other, instead of whatever is playing; tell when they are at their end.
    Play {
        /// To be given back in [`Input::Played`].
        token: u64,
        /// What to play.
        parts: Vec<Part>,
    },
    /// Wait for an answer; tell when the time is up.
    Wait {
        /// To be given back in [`Input::TimedOut`].
        token: u64,
    },
    /// Hang up.
    HangUp,
    /// It is over. The last output, exactly once.
    Finished(SurveyOutcome),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ringing,
    Intro,
    /// A question is read or waits for its answer.
    Asking {
        question: usize,
        again: bool,
    },
    Thanks,
    Over,
}

/// One survey call. Give it what happens, then [`poll`](Self::poll) until there is nothing more to do.
#[derive(Debug)]
pub struct Survey {
    questions: Vec<Parameter>,
    state: State,
    /// Of what is playing or waited for; what is told with another token is of the past.
    token: u64,
    scores: Vec<Score>,
    key_heard: bool,
    out: VecDeque<Output>,
}

impl Survey {
    /// A call that rings and will ask about `questions`.
    #[must_use]
    pub fn new(questions: Vec<Parameter>) -> Self {
        Self {
            questions,
            state: State::Ringing,
            token: 0,
            scores: Vec::new(),
            key_heard: false,
            out: VecDeque::new(),
        }
    }

    /// The next thing to be done.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Takes in what has happened. What no longer applies is ignored.
    pub fn handle(&mut self, input: Input) {
        match (self.state, input) {
            (State::Over, _) => {}
            (State::Ringing, Input::Taken) => self.play(State::Intro, vec![Part::Intro]),
            (State::Ringing, Input::NotTaken | Input::HungUp) => self.finish(SurveyOutcome::Unreached),
            (_, Input::HungUp | Input::NotTaken) => {
                let scores = std::mem::take(&mut self.scores);
                self.finish(SurveyOutcome::Answered(scores));
            }
            // A key during the intro says "get on with it"; no question has been put that it could answer.
            (State::Intro, Input::Key(_)) => {
                self.key_heard = true;
                self.ask(0);
            }
            (State::Intro, Input::Played(token)) if token == self.token => self.ask(0),
            (State::Asking { .. }, Input::Played(token)) if token == self.token => {
                let token = self.next_token();
                self.out.push_back(Output::Wait { token });
            }
            (State::Asking { question, again }, Input::Key(key)) => {
                self.key_heard = true;
                match (key.number().filter(|n| KEYS.contains(n)), self.questions.get(question)) {
                    (Some(score), Some(&parameter)) => {
                        self.scores.push(Score { parameter, score });
                        self.ask(question + 1);
                    }
                    _ => self.not_understood(question, again),
                }
            }
            (State::Asking { question, again }, Input::TimedOut(token)) if token == self.token => {
                self.not_understood(question, again);
            }
            (State::Thanks, Input::Played(token)) if token == self.token => self.end(),
            _ => {}
        }
    }

    fn not_understood(&mut self, question: usize, again: bool) {
        if again {
            self.ask(question + 1);
        } else {
            self.play(State::Asking { question, again: true }, vec![Part::Repeat, Part::Question(question)]);
        }
    }

    fn ask(&mut self, question: usize) {
        let nobody_there = !self.key_heard && question >= SILENT_QUESTIONS_MAX;
        if question < self.questions.len() && !nobody_there {
            self.play(State::Asking { question, again: false }, vec![Part::Question(question)]);
        } else {
            self.play(State::Thanks, vec![Part::Thanks]);
        }
    }

    fn play(&mut self, state: State, parts: Vec<Part>) {
        self.state = state;
        let token = self.next_token();
        self.out.push_back(Output::Play { token, parts });
    }

    fn next_token(&mut self) -> u64 {
        self.token += 1;
        self.token
    }

    fn end(&mut self) {
        self.out.push_back(Output::HangUp);
        let scores = std::mem::take(&mut self.scores);
        self.finish(SurveyOutcome::Answered(scores));
    }

    fn finish(&mut self, outcome: SurveyOutcome) {
        self.state = State::Over;
        self.out.push_back(Output::Finished(outcome));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIX: [Parameter; 6] = [
        Parameter::Engagement,
        Parameter::Simplicity,
        Parameter::Overall,
        Parameter::Knowledge,
        Parameter::AnsweringTime,
        Parameter::Resolution,
    ];

    /// A call, with somebody at the other end.
    struct Bench {
        survey: Survey,
        heard: Vec<Part>,
        playing: Option<u64>,
        waiting: Option<u64>,
        hung_up: bool,
        outcome: Option<SurveyOutcome>,
    }

    impl Bench {
        fn new() -> Self {
            let survey = Survey::new(SIX.to_vec());
            Self { survey, heard: Vec::new(), playing: None, waiting: None, hung_up: false, outcome: None }
        }

        fn taken() -> Self {
            let mut bench = Self::new();
            bench.give(Input::Taken);
            bench
        }

        fn give(&mut self, input: Input) {
            self.survey.handle(input);
            while let Some(output) = self.survey.poll() {
                assert!(self.outcome.is_none(), "{output:?} after the end");
                match output {
                    Output::Play { token, parts } => {
                        self.heard.extend(parts);
                        (self.playing, self.waiting) = (Some(token), None);
                    }
                    Output::Wait { token } => (self.playing, self.waiting) = (None, Some(token)),
                    Output::HangUp => self.hung_up = true,
                    Output::Finished(outcome) => self.outcome = Some(outcome),
                }
            }
        }

        fn played(&mut self) {
            let token = self.playing.expect("something plays");
            self.give(Input::Played(token));
        }

        fn silence(&mut self) {
            let token = self.waiting.expect("an answer is waited for");
            self.give(Input::TimedOut(token));
        }

        fn key(&mut self, key: char) {
            self.give(Input::Key(Digit::from_char(key).unwrap()));
        }

        fn scores(&self) -> Vec<u8> {
            match &self.outcome {
                Some(SurveyOutcome::Answered(scores)) => scores.iter().map(|s| s.score).collect(),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn six_answers_and_thanks() {
        let mut bench = Bench::taken();
        bench.played();
        for key in "543215".chars() {
            bench.played();
            bench.key(key);
        }
        assert!(bench.outcome.is_none());
        bench.played();
        assert_eq!(bench.scores(), [5, 4, 3, 2, 1, 5]);
        assert!(bench.hung_up);
        let mut script = vec![Part::Intro];
        script.extend((0..6).map(Part::Question));
        script.push(Part::Thanks);
        assert_eq!(bench.heard, script);
        let Some(SurveyOutcome::Answered(scores)) = bench.outcome else { panic!() };
        assert_eq!(scores.iter().map(|s| s.parameter).collect::<Vec<_>>(), SIX);
    }

    #[test]
    fn an_answer_may_come_before_the_question_is_read_out() {
        let mut bench = Bench::taken();
        bench.key('9'); // gets on with the intro
        for key in "111111".chars() {
            bench.key(key);
        }
        bench.played();
        assert_eq!(bench.scores(), [1; 6]);
    }

    #[test]
    fn a_wrong_key_or_none_has_the_question_put_once_more() {
        let mut bench = Bench::taken();
        bench.played();
        bench.played();
        bench.key('7');
        assert_eq!(bench.heard.last_chunk(), Some(&[Part::Repeat, Part::Question(0)]));
        bench.key('3'); // answered at the second time
        bench.played();
        bench.silence();
        assert_eq!(bench.heard.last_chunk(), Some(&[Part::Repeat, Part::Question(1)]));
        bench.played();
        bench.silence(); // left out
        assert_eq!(bench.heard.last(), Some(&Part::Question(2)));
        for key in "2#*2".chars() {
            bench.key(key); // the third is answered, the fourth left out, the fifth answered
        }
        bench.key('5');
        bench.played();
        assert_eq!(bench.scores(), [3, 2, 2, 5]);
    }

    #[test]
    fn hanging_up_midway_keeps_what_was_answered() {
        let mut bench = Bench::taken();
        bench.played();
        bench.key('4');
        bench.give(Input::HungUp);
        assert_eq!(bench.scores(), [4]);
        assert!(!bench.hung_up, "there is nothing left to hang up");
    }

    #[test]
    fn nobody_takes_the_call() {
        let mut bench = Bench::new();
        bench.give(Input::NotTaken);
        assert_eq!(bench.outcome, Some(SurveyOutcome::Unreached));
    }

    #[test]
    fn an_answering_machine_is_not_asked_everything() {
        let mut bench = Bench::taken();
        bench.played();
        for _ in 0..SILENT_QUESTIONS_MAX * 2 {
            bench.played();
            bench.silence();
        }
        assert_eq!(bench.heard.last(), Some(&Part::Thanks));
        bench.played();
        assert_eq!(bench.scores(), [0_u8; 0]);
    }

    #[test]
    fn what_was_replaced_ends_nothing() {
        let mut bench = Bench::taken();
        let intro = bench.playing.unwrap();
        bench.key('1');
        let heard = bench.heard.clone();
        bench.give(Input::Played(intro));
        bench.give(Input::TimedOut(intro));
        assert_eq!(bench.heard, heard);
    }

    proptest! {
        /// Whatever happens in whatever order: it ends once, with at most one score from 1 to 5 for each question, in order.
        #[test]
        fn every_call_ends_once(inputs in proptest::collection::vec((0_u8..6, 0_u8..16, 0_u64..30), 0..60)) {
            let mut bench = Bench::new();
            for (kind, key, token) in inputs {
                bench.give(match kind {
                    0 => Input::Taken,
                    1 => Input::Played(token),
                    2 => Input::TimedOut(token),
                    3 => Input::NotTaken,
                    _ => Input::Key(Digit::from_event(key).unwrap()),
                });
            }
            bench.give(Input::HungUp);
            match bench.outcome.expect("it has ended") {
                SurveyOutcome::Unreached => {}
                SurveyOutcome::Answered(scores) => {
                    prop_assert!(scores.iter().all(|s| KEYS.contains(&s.score)));
                    let order: Vec<_> = scores.iter().map(|s| SIX.iter().position(|p| *p == s.parameter)).collect();
                    prop_assert!(order.windows(2).all(|w| w[0] < w[1]), "{order:?}");
                }
            }
        }
    }
}
