//! Where a case stands and how it may move: a pure machine over [`CaseStatus`].

use vocabulary::CaseStatus;

/// Something that moves a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A guide takes it up.
    Begin,
    /// It is sent to an officer.
    Forward,
    /// The last officer asked has answered that it is done.
    OfficerDone,
    /// The last officer asked will not answer: wrong recipient, or the question was withdrawn.
    OfficerGone,
    /// The resident must do something first.
    WaitForResident,
    /// It rests until a set day.
    Suspend,
    /// The waiting or the rest is over; `officer_asked` tells whether an officer's answer is still awaited.
    Resume {
        /// Whether an officer's answer is still awaited.
        officer_asked: bool,
    },
    /// The contact centre has solved it.
    Solve,
    /// It was not solved after all.
    Reopen,
}

/// A step that a case in that status cannot take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case that is {from} cannot {step:?}")]
pub struct ForbiddenStep {
    /// Where the case stands.
    pub from: CaseStatus,
    /// What was tried.
    pub step: Step,
}

/// Where a case in status `from` stands after `step`.
///
/// # Errors
/// If the step is not allowed from there.
pub const fn after(from: CaseStatus, step: Step) -> Result<CaseStatus, ForbiddenStep> {
    use CaseStatus::{New, Ongoing, Reopened, Solved, Suspended, WaitingForDepartment, WaitingForResident};
    match (from, step) {
        (New | Reopened, Step::Begin)
        | (WaitingForDepartment, Step::OfficerGone)
        | (WaitingForResident | Suspended, Step::Resume { officer_asked: false }) => Ok(Ongoing),
        (New | Ongoing | Reopened | WaitingForDepartment | WaitingForResident | Suspended, Step::Forward)
        | (WaitingForResident | Suspended, Step::Resume { officer_asked: true }) => Ok(WaitingForDepartment),
        // An officer may answer while the case waits for something else: the answer stands, whatever was waited for.
        (WaitingForDepartment | WaitingForResident | Suspended, Step::OfficerDone)
        | (New | Ongoing | Reopened | WaitingForDepartment | WaitingForResident | Suspended, Step::Solve) => {
            Ok(Solved)
        }
        // That an officer will not answer does not change what else is waited for.
        (WaitingForResident, Step::OfficerGone) => Ok(WaitingForResident),
        (Suspended, Step::OfficerGone) => Ok(Suspended),
        (New | Ongoing | Reopened | WaitingForDepartment | Suspended, Step::WaitForResident) => {
            Ok(WaitingForResident)
        }
        (New | Ongoing | Reopened | WaitingForDepartment | WaitingForResident, Step::Suspend) => {
            Ok(Suspended)
        }
        (Solved, Step::Reopen) => Ok(Reopened),
        _ => Err(ForbiddenStep { from, step }),
    }
}

/// Whether the follow-up clock stands still in this status.
#[must_use]
pub const fn clock_stands_still(status: CaseStatus) -> bool {
    matches!(status, CaseStatus::WaitingForResident | CaseStatus::Suspended)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 10] = [
        Step::Begin,
        Step::Forward,
        Step::OfficerDone,
        Step::OfficerGone,
        Step::WaitForResident,
        Step::Suspend,
        Step::Resume { officer_asked: false },
        Step::Resume { officer_asked: true },
        Step::Solve,
        Step::Reopen,
    ];

    #[test]
    fn the_whole_table() {
        use std::fmt::Write as _;
        let mut table = String::new();
        for from in CaseStatus::ALL {
            let row: Vec<&str> =
                STEPS.iter().map(|s| after(*from, *s).map_or("-", CaseStatus::as_str)).collect();
            writeln!(table, "{from}: {}", row.join(" ")).unwrap();
        }
        assert_eq!(
            table,
            "new: ongoing waiting_for_department - - waiting_for_resident suspended - - solved -\n\
             ongoing: - waiting_for_department - - waiting_for_resident suspended - - solved -\n\
             waiting_for_resident: - waiting_for_department solved waiting_for_resident - suspended ongoing \
             waiting_for_department solved -\n\
             waiting_for_department: - waiting_for_department solved ongoing waiting_for_resident suspended - - solved -\n\
             suspended: - waiting_for_department solved suspended waiting_for_resident - ongoing \
             waiting_for_department solved -\n\
             solved: - - - - - - - - - reopened\n\
             reopened: ongoing waiting_for_department - - waiting_for_resident suspended - - solved -\n"
        );
    }

    #[test]
    fn a_solved_case_only_opens_again() {
        for step in STEPS {
            let moved = after(CaseStatus::Solved, step);
            assert_eq!(moved.is_ok(), step == Step::Reopen, "{step:?}");
        }
        let refused = after(CaseStatus::Solved, Step::Forward).unwrap_err();
        assert_eq!(refused.to_string(), "a case that is solved cannot Forward");
    }
}
