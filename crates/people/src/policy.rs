//! Who may do and see what. One table, deny by default, read top to bottom; the whole matrix is in
//! `policy_matrix.txt`, so that a change of access is seen in review.
//!
//! The thoughts behind the table:
//! - **What the work needs, and no more.** Guides and traffic leaders serve residents. A coach follows quality in the
//!   means and helps with knowledge, but has no need of other people's matters; who both coaches and answers is given
//!   the guide's role. The manager answers for the centre's case work and may read it.
//! - **Administrators look after the system, not its contents**: accounts, keys, metrics; no cases, no residents. Whoever
//!   can create accounts could create a guide's account: that is written to the timeline under the administrator's name.
//! - **Keys for the API never exceed their role**, and open only the API; sessions never open the API, so that a form on
//!   a foreign page cannot reach it.
//! - **A link opens one thing.** That it is the right one, still valid, is for the link's row to say.
//! - **Secrecy**: guides receive matters of every department, so restricted cases are theirs to register. To open one
//!   takes a grant for its board besides the role, given by the manager, also to themselves and to keys; strict cases are
//!   opened only by those named on the case (the one who registered it, the officer by link). Both are the case's own rule
//!   (`crate::boards`, `cases::Viewer`), which narrows what this table lets through. Every opening is written down, and
//!   the manager goes through it. Administrators see who holds grants and give none: they make accounts, and would
//!   otherwise need nobody else to let themselves in.
//! - **Communicators and crisis management** see how things stand in counts, and write what is to be said; a traffic
//!   leader or the manager approves it. They have no need of any person's matter.
//! - What exists only in the demo (outbox, clock) is also not mounted outside it; the table is the second lock.

use vocabulary::{ApiKeyId, LinkId, Role, SecrecyClass, SessionId, UserId};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Nobody we know.
    Anonymous,
    /// Somebody signed in.
    User {
        /// Who.
        id: UserId,
        /// With which role.
        role: Role,
    },
    /// A program with an API key.
    ApiKey {
        /// Which key.
        id: ApiKeyId,
        /// Limited to what this role may.
        role: Role,
    },
    /// An officer, by a verified link.
    OfficerLink(LinkId),
    /// A resident, by a verified link.
    ResidentLink(LinkId),
    /// A resident, by a session begun with a link or with a case's number and code.
    ResidentSession {
        /// Which session.
        id: SessionId,
        /// Whether a code sent to the known address has been shown.
        proven: bool,
    },
    /// Whoever holds a letter to an officer, by its verified link to the officer's own page.
    OfficerDeskLink(LinkId),
    /// An officer, by a verified key sent to their own address.
    OfficerKeyLink(LinkId),
    /// A department's contact person, by a verified link to what they are asked to approve.
    ApprovalLink(LinkId),
    /// Somebody on the call-in list, by the verified link in the text message that asks.
    CallInLink(LinkId),
}

/// The columns of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Anonymous,
    Signed(Role),
    Key(Role),
    OfficerLink,
    ResidentLink,
    ResidentSession,
    ResidentProven,
    OfficerDeskLink,
    OfficerKeyLink,
    ApprovalLink,
    CallInLink,
}

impl From<&Who> for Holder {
    fn from(who: &Who) -> Self {
        match who {
            Who::Anonymous => Self::Anonymous,
            Who::User { role, .. } => Self::Signed(*role),
            Who::ApiKey { role, .. } => Self::Key(*role),
            Who::OfficerLink(_) => Self::OfficerLink,
            Who::ResidentLink(_) => Self::ResidentLink,
            Who::ResidentSession { proven: false, .. } => Self::ResidentSession,
            Who::ResidentSession { proven: true, .. } => Self::ResidentProven,
            Who::OfficerDeskLink(_) => Self::OfficerDeskLink,
            Who::OfficerKeyLink(_) => Self::OfficerKeyLink,
            Who::ApprovalLink(_) => Self::ApprovalLink,
            Who::CallInLink(_) => Self::CallInLink,
        }
    }
}

/// A cell's word in the table, and the holders it stands for.
macro_rules! holders {
    (guide) => {
        &[Holder::Signed(Role::Guide)]
    };
    (leader) => {
        &[Holder::Signed(Role::TrafficLeader)]
    };
    (coach) => {
        &[Holder::Signed(Role::Coach)]
    };
    (manager) => {
        &[Holder::Signed(Role::Manager)]
    };
    (admin) => {
        &[Holder::Signed(Role::Administrator)]
    };
    (communicator) => {
        &[Holder::Signed(Role::Communicator)]
    };
    (guide_key) => {
        &[Holder::Key(Role::Guide)]
    };
    (leader_key) => {
        &[Holder::Key(Role::TrafficLeader)]
    };
    (coach_key) => {
        &[Holder::Key(Role::Coach)]
    };
    (manager_key) => {
        &[Holder::Key(Role::Manager)]
    };
    (admin_key) => {
        &[Holder::Key(Role::Administrator)]
    };
    (officer_link) => {
        &[Holder::OfficerLink]
    };
    (resident_link) => {
        &[Holder::ResidentLink]
    };
    (resident_session) => {
        &[Holder::ResidentSession, Holder::ResidentProven]
    };
    (resident_proven) => {
        &[Holder::ResidentProven]
    };
    (signed_in) => {
        &[
            Holder::Signed(Role::Guide),
            Holder::Signed(Role::TrafficLeader),
            Holder::Signed(Role::Coach),
            Holder::Signed(Role::Manager),
            Holder::Signed(Role::Administrator),
            Holder::Signed(Role::Communicator),
        ]
    };
    (any_key) => {
        &[
            Holder::Key(Role::Guide),
            Holder::Key(Role::TrafficLeader),
            Holder::Key(Role::Coach),
            Holder::Key(Role::Manager),
            Holder::Key(Role::Administrator),
            Holder::Key(Role::Communicator),
        ]
    };
    (anonymous) => {
        &[Holder::Anonymous]
    };
    (links) => {
        &[
            Holder::OfficerLink,
            Holder::ResidentLink,
            Holder::OfficerDeskLink,
            Holder::OfficerKeyLink,
            Holder::CallInLink,
            Holder::ApprovalLink,
        ]
    };
    (officer_desk_link) => {
        &[Holder::OfficerDeskLink]
    };
    (officer_key_link) => {
        &[Holder::OfficerKeyLink]
    };
    (approval_link) => {
        &[Holder::ApprovalLink]
    };
    (call_in_link) => {
        &[Holder::CallInLink]
    };
}

macro_rules! table {
    ($($(#[$doc:meta])* $action:ident: $($holder:ident)+;)*) => {
        /// Each thing that can be done or seen. Every route names exactly one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $action,)* }

        impl Action {
            /// Every action, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$action),*];

            /// The action's name, for logs and the matrix.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$action => stringify!($action)),* }
            }

            /// The table's row.
            const fn holders(self) -> &'static [&'static [Holder]] {
                match self { $(Self::$action => &[$(holders!($holder)),+]),* }
            }
        }
    };
}

table! {
    // The door.
    /// Read what is public: style sheets, scripts, sounds, the health check.
    ReadPublic:          anonymous signed_in any_key links;
    /// See the sign-in page and try to sign in.
    SignIn:              anonymous signed_in;
    /// Sign out; see and revoke one's own sessions.
    SignOut:             signed_in;
    /// Change one's own password and language.
    ChangeOwnAccount:    signed_in;

    // The guide's page.
    /// See the guide's page: own state, the contact at hand, one's unlogged contacts.
    UseGuidePage:        guide leader;
    /// Set one's own state: ready, away, wrap-up done, signed out.
    SetOwnState:         guide leader;
    /// Attach the browser telephone and take calls with it.
    UseTelephone:        guide leader;
    /// Log a contact: type, outcome, note.
    LogContact:          guide leader;
    /// Search residents and open a resident's card.
    OpenResident:        guide leader manager;
    /// Change a resident's name, address of reach, or protection.
    ChangeResident:      guide leader;
    /// Search the knowledge articles and planned events, read them, and say what one thinks of them.
    SearchKnowledge:     guide leader coach manager;
    /// Write drafts of articles, and do what is to be done about them.
    WriteArticles:       guide leader coach manager;
    /// Review, publish and archive articles.
    ReviewArticles:      leader coach manager;
    /// See what is searched and not found, and the search's synonyms.
    SeeSearchGaps:       guide leader coach manager;
    /// Change the search's synonyms, and say which gaps need nothing.
    EditSynonyms:        leader coach manager;

    // One step ahead.
    /// See what the departments have planned, and today; have it in one's own calendar.
    SeeAhead:            guide leader coach manager;
    /// Confirm for oneself that one has read what is important today.
    ConfirmEvents:       guide leader;
    /// Plan, change and settle events, and read calendars in.
    PlanEvents:          leader manager;
    /// See who has confirmed what is important.
    SeeConfirmations:    leader manager;
    /// Hold the meetings with the departments: agenda, notes, decisions, invitations.
    LeadMeetings:        leader manager;
    /// Tick off what one has undertaken at a meeting.
    DoMeetingAction:     guide leader coach manager;
    /// Fetch a calendar by its signed address.
    FetchCalendar:       anonymous signed_in;

    // Secrecy and records.
    /// Open a protected card, for a stated reason.
    OpenProtected:       guide leader manager;
    /// Take the protection of a card away, for a stated reason.
    LiftProtection:      leader manager;
    /// Leave a message about a case one has no access to.
    LeaveMessage:        guide leader manager;
    /// See who may open which board's restricted cases.
    SeeBoardAccess:      manager admin;
    /// Grant and take back access to a board's restricted cases.
    GrantBoardAccess:    manager;
    /// See what has been opened under one's own name.
    SeeOwnOpenings:      signed_in;
    /// Go through who has opened what, and why.
    ReviewOpenings:      manager;
    /// Take out everything kept about one resident, at their request.
    ExportSubject:       manager;
    /// Join two cards that are one resident's, and undo it.
    MergeResidents:      leader manager;
    /// Erase a resident's card.
    EraseResident:       manager;
    /// Stop and release the weeding of a case.
    HoldCase:            leader manager;
    /// Set retention rules, and approve what is to be weeded out.
    WeedRecords:         manager;
    /// Take out the diary (diarium) of a board.
    ExportDiary:         manager;

    // The hour.
    /// See the live board.
    SeeBoard:            guide leader coach manager;
    /// Turn a surge notice on or off.
    SwitchSurgeNotice:   leader manager;
    /// Set another guide's state or groups.
    MoveGuides:          leader manager;

    // Crisis.
    /// See how things stand: counts, topics, places, messages; nothing of any person, no case's text.
    SeeSituation:        leader manager communicator;
    /// Write what is to be said in a crisis, record it, and change the templates.
    WriteCrisisMessage:  leader manager communicator;
    /// Approve what somebody else has written, which publishes it at once; end it.
    ApproveCrisisMessage: leader manager;
    /// Set from when until when a crisis lasted.
    SetCrisisPeriod:     leader manager;
    /// Take or put away what the spike detector proposes.
    DecideSpike:         leader manager;
    /// See the call-in list with its telephone numbers, call people in and note what they answer.
    CallInStaff:         leader manager;
    /// Answer whether one can come, by the link.
    AnswerCallIn:        call_in_link;

    // Letters and the desk.
    /// See the mailboxes and open a letter.
    ReadMail:            guide leader manager;
    /// Answer a letter, take it, close it, put it away as spam.
    WriteMail:           guide leader;
    /// Set mailboxes up, and write templates to answer with.
    AdministerMail:      leader manager;
    /// Give out queue numbers, call visitors and log visits.
    WorkDesk:            guide leader;

    // Cases.
    /// Register a case.
    RegisterCase:        guide leader;
    /// Search and list cases (numbers, types, status; no text of restricted ones).
    ListCases:           guide leader manager;
    /// Take a list of cases along as a file; who did and what is written down.
    ExportCases:         guide leader manager;
    /// Open an open case.
    OpenCase:            guide leader manager;
    /// Open a restricted case (social services and the like).
    OpenRestrictedCase:  guide leader manager;
    /// Write a note on a case, change its status, close it.
    ChangeCase:          guide leader;
    /// Make a case more secret than its type is.
    ChangeSecrecy:       guide leader manager;
    /// Make a case less secret than it is, for a stated reason.
    LowerSecrecy:        leader manager;
    /// Send a case to an officer; withdraw or revoke the link.
    ForwardCase:         guide leader;
    /// See the list of what must be phoned about.
    SeeTasks:            guide leader manager;
    /// Tick a task off.
    DoTask:              guide leader;
    /// See the officers and when they are away; say that one is.
    ChangeAbsences:      guide leader manager;
    /// Read the terms of the assignments.
    SeeTerms:            guide leader coach manager;
    /// Change the terms of an assignment, and add a function's address.
    ChangeTerms:         manager;
    /// See how departments answer: open questions, times, reachability.
    SeeDepartments:      leader manager;
    /// Answer a follow-up, by the link.
    AnswerAsOfficer:     officer_link;
    /// See how much waits for an officer, by number and day; have a key sent to the officer's own address.
    SeeOfficerDesk:      officer_desk_link;
    /// See all that waits for oneself, and go from there to each answer.
    OpenOfficerDesk:     officer_key_link;
    /// Ask for one's case by its number and code; choose the language of residents' pages.
    LookUpOwnCase:       anonymous resident_session;
    /// See how one's case stands, by the link or in a session.
    SeeOwnCaseStatus:    resident_link resident_session;
    /// Ask for a code to the known address, and show it.
    ProveResident:       resident_session;
    /// Read what has been written in one's own case, add to it, choose how to be told.
    ActOnOwnCase:        resident_proven;

    // Processes.
    /// See what processes there are, their versions, what can be booked and who is called out.
    SeeProcesses:        guide leader manager;
    /// Change and publish definitions, calendars and contractors.
    EditProcesses:       manager;
    /// Do the steps of a case's process: fill in, book, send, hand out, undo.
    RunProcess:          guide leader;
    /// Do one step or acknowledge a call-out, by the link.
    DoStepByLink:        officer_link;
    /// See a booked time and cancel it, by the link.
    SeeOwnBooking:       resident_link;

    // Assignments: what the departments have handed over.
    /// Read what has been handed over, and where the line goes; ask "is this ours?".
    SeeAssignments:      guide leader coach manager;
    /// Write assignments, send them to their departments, end them; keep the checklist of the standard.
    EditAssignments:     manager;
    /// Write where to turn with what others own.
    EditReferrals:       leader manager;
    /// Read one assignment and approve it or not, by the link.
    ApproveAssignment:   approval_link;

    // Quality.
    /// See survey means with their number of answers and intervals.
    SeeSurveyMeans:      guide leader coach manager;

    // The system.
    /// Create, change and deactivate users; revoke their sessions.
    AdministerUsers:     admin;
    /// Create and revoke API keys.
    AdministerApiKeys:   admin;
    /// Say which other systems are told what happens, and see how that goes.
    AdministerWebhooks:  admin;
    /// Read the metrics.
    SeeMetrics:          admin admin_key;

    // The demo only.
    /// Read the outbox, where the demo's e-mails and text messages land.
    SeeOutbox:           signed_in;
    /// Move the demo's clock.
    MoveClock:           signed_in;

    // Open311.
    /// Read services, requests and updates over Open311: nothing personal.
    Open311Read:         anonymous signed_in any_key links;
    /// Report and add updates over Open311.
    Open311Report:       guide_key leader_key;

    // The HTTP API, with keys.
    /// Read the API's own description.
    ApiDescription:      anonymous signed_in any_key;
    /// Read contacts over the API.
    ApiReadContacts:     guide_key leader_key manager_key;
    /// Register contacts over the API.
    ApiWriteContacts:    guide_key leader_key;
    /// Read cases over the API.
    ApiReadCases:        guide_key leader_key manager_key;
    /// Register and change cases over the API.
    ApiWriteCases:       guide_key leader_key;
    /// Read the board over the API.
    ApiReadBoard:        guide_key leader_key coach_key manager_key;
    /// Read guides' states over the API.
    ApiReadGuideStates:  leader_key manager_key;
    /// Set guides' states over the API.
    ApiSetGuideStates:   leader_key;
}

/// Whether `who` may do `action`.
#[must_use]
pub fn allowed(who: &Who, action: Action) -> bool {
    let asks = Holder::from(who);
    action.holders().iter().any(|holders| holders.contains(&asks))
}

/// The action that opening a case of `class` is. None for strict cases: nobody opens them by role alone.
#[must_use]
pub const fn action_to_open(class: SecrecyClass) -> Option<Action> {
    match class {
        SecrecyClass::Open => Some(Action::OpenCase),
        SecrecyClass::Restricted => Some(Action::OpenRestrictedCase),
        SecrecyClass::Strict => None,
    }
}

/// One of each kind and role of [`Who`], with its column name: for matrix tests here and over the routes.
#[must_use]
pub fn everyone() -> Vec<(String, Who)> {
    let mut all = vec![("anonymous".to_owned(), Who::Anonymous)];
    all.extend(Role::ALL.iter().map(|r| (r.to_string(), Who::User { id: UserId::nil(), role: *r })));
    all.extend(Role::ALL.iter().map(|r| (format!("{r}_key"), Who::ApiKey { id: ApiKeyId::nil(), role: *r })));
    all.push(("officer_link".to_owned(), Who::OfficerLink(LinkId::nil())));
    all.push(("resident_link".to_owned(), Who::ResidentLink(LinkId::nil())));
    for (name, proven) in [("resident_session", false), ("resident_proven", true)] {
        all.push((name.to_owned(), Who::ResidentSession { id: SessionId::nil(), proven }));
    }
    all.push(("officer_desk_link".to_owned(), Who::OfficerDeskLink(LinkId::nil())));
    all.push(("officer_key_link".to_owned(), Who::OfficerKeyLink(LinkId::nil())));
    all.push(("approval_link".to_owned(), Who::ApprovalLink(LinkId::nil())));
    all.push(("call_in_link".to_owned(), Who::CallInLink(LinkId::nil())));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    /// The whole matrix as text: one block per action would hide patterns, so one line each, a mark per holder.
    fn matrix() -> String {
        let everyone = everyone();
        let mut text = String::from("# Who may what. Made by the test in policy.rs; x = allowed. Columns:\n");
        for (i, (name, _)) in everyone.iter().enumerate() {
            writeln!(text, "#   {} {name}", char::from(b'A' + u8::try_from(i).unwrap())).unwrap();
        }
        let heads: String = (b'A'..).take(everyone.len()).map(|c| format!(" {}", char::from(c))).collect();
        writeln!(text, "{:20}{heads}", "").unwrap();
        for action in Action::ALL {
            let marks: String =
                everyone.iter().map(|(_, who)| if allowed(who, *action) { " x" } else { " ." }).collect();
            writeln!(text, "{:20}{marks}", action.as_str()).unwrap();
        }
        text
    }

    #[test]
    fn the_matrix_is_the_committed_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy_matrix.txt");
        if std::env::var_os("LOTS_UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(path, matrix()).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == matrix(),
            "access has changed; look at it, then run with LOTS_UPDATE_SNAPSHOTS=1 and commit:\n{}",
            matrix()
        );
    }

    #[test]
    fn a_key_never_exceeds_its_role() {
        // What an API action shows is something the same role may see on a page.
        let page = |api: Action| match api {
            Action::ApiReadContacts => Some(Action::OpenResident),
            Action::ApiWriteContacts => Some(Action::LogContact),
            Action::ApiReadCases => Some(Action::OpenCase),
            Action::ApiWriteCases => Some(Action::RegisterCase),
            Action::ApiReadBoard | Action::ApiReadGuideStates => Some(Action::SeeBoard),
            Action::ApiSetGuideStates => Some(Action::MoveGuides),
            Action::SeeMetrics => Some(Action::SeeMetrics),
            Action::Open311Report => Some(Action::RegisterCase),
            Action::ReadPublic | Action::Open311Read | Action::ApiDescription => Some(Action::SignIn),
            _ => None,
        };
        for (name, who) in everyone() {
            let Who::ApiKey { role, .. } = who else { continue };
            let user = Who::User { id: UserId::nil(), role };
            for action in Action::ALL.iter().filter(|a| allowed(&who, **a)) {
                let same =
                    page(*action).unwrap_or_else(|| panic!("{name} may {action:?}, which is no API action"));
                assert!(allowed(&user, same), "{name} may {action:?}, but a {role} may not {same:?}");
            }
        }
    }

    #[test]
    fn administrators_coaches_and_communicators_read_no_cases_and_strangers_nothing() {
        let secret = [
            Action::OpenCase,
            Action::OpenRestrictedCase,
            Action::ListCases,
            Action::OpenResident,
            Action::ApiReadCases,
        ];
        for (name, who) in everyone() {
            let blind = ["administrator", "coach", "communicator"].iter().any(|role| name.starts_with(role))
                || name.contains("link");
            for action in secret {
                assert!(!(blind && allowed(&who, action)), "{name} may {action:?}");
            }
        }
        let open: Vec<_> = Action::ALL.iter().filter(|a| allowed(&Who::Anonymous, **a)).collect();
        assert_eq!(
            open,
            [
                &Action::ReadPublic,
                &Action::SignIn,
                &Action::FetchCalendar,
                &Action::LookUpOwnCase,
                &Action::Open311Read,
                &Action::ApiDescription
            ]
        );
        assert_eq!(action_to_open(SecrecyClass::Strict), None);
    }
}
