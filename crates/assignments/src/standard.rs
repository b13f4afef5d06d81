//! A checklist along the areas of ISO 18295-1, in our own words. What the house itself knows is computed from what is
//! kept; the rest is set by hand, with a note and by whom. Pure: the figures come in as [`Facts`].

use vocabulary::UserId;
use vocabulary::civil::Date;

vocabulary::words! {
    /// An area of the standard.
    Area, "area" {
        /// Those who turn to us.
        Customers = "customers",
        /// Those who lead.
        Leadership = "leadership",
        /// Those who work here.
        People = "people",
        /// How the work is done.
        Operations = "operations",
        /// What it is done with.
        Infrastructure = "infrastructure",
        /// Those who have handed over.
        Clients = "clients",
    }

    /// A point of the checklist.
    Point, "point" {
        /// Opening hours and ways in are told where residents look.
        WaysInTold = "ways_in_told",
        /// Whoever has a case can see how it stands.
        StatusShown = "status_shown",
        /// Residents are asked what they thought.
        SurveyOn = "survey_on",
        /// Complaints have a way of their own and are gone through.
        ComplaintsHandled = "complaints_handled",
        /// Goals for service are set and known to all.
        GoalsSet = "goals_set",
        /// Answering times are measured.
        ServiceLevelMeasured = "service_level_measured",
        /// How departments answer is followed.
        DepartmentsFollowed = "departments_followed",
        /// The plan for storms and outages has been tried.
        CrisisPlanTried = "crisis_plan_tried",
        /// What one needs to know is written down for each assignment.
        CompetenceWritten = "competence_written",
        /// New colleagues have a plan for their first half year.
        IntroductionPlanned = "introduction_planned",
        /// Everybody is coached regularly.
        CoachingHeld = "coaching_held",
        /// Threats and violence are followed up.
        IncidentsFollowed = "incidents_followed",
        /// Every question to an officer has a clock.
        FollowUpClock = "follow_up_clock",
        /// Contacts are logged.
        ContactsLogged = "contacts_logged",
        /// Every article has an owner and a review day that has not passed.
        ArticlesOwned = "articles_owned",
        /// Every assignment has its process map.
        ProcessMaps = "process_maps",
        /// Where to turn with what others own is written down.
        ReferralsKept = "referrals_kept",
        /// How long things are kept is decided.
        RetentionDecided = "retention_decided",
        /// The backup has been read back.
        BackupTried = "backup_tried",
        /// Pages have been tried with assistive technology.
        AccessibilityTried = "accessibility_tried",
        /// Who has opened what is gone through.
        OpeningsReviewed = "openings_reviewed",
        /// Every department has approved what it has handed over.
        AssignmentsApproved = "assignments_approved",
        /// Assignments are gone through in time.
        ReviewsInTime = "reviews_in_time",
        /// Expected volumes are written down and measured.
        VolumesCompared = "volumes_compared",
        /// What is done outside every assignment is counted.
        OutsideCounted = "outside_counted",
        /// Departments are met regularly.
        MeetingsHeld = "meetings_held",
    }

    /// Whether a point is in place.
    PointState, "state of a point" {
        /// It is.
        InPlace = "in_place",
        /// Some of it is.
        Partly = "partly",
        /// It is not.
        Missing = "missing",
    }
}

storage::word_value!(Point, PointState);

impl Point {
    /// Where it belongs.
    #[must_use]
    pub const fn area(self) -> Area {
        match self {
            Self::WaysInTold | Self::StatusShown | Self::SurveyOn | Self::ComplaintsHandled => {
                Area::Customers
            }
            Self::GoalsSet
            | Self::ServiceLevelMeasured
            | Self::DepartmentsFollowed
            | Self::CrisisPlanTried => Area::Leadership,
            Self::CompetenceWritten
            | Self::IntroductionPlanned
            | Self::CoachingHeld
            | Self::IncidentsFollowed => Area::People,
            Self::FollowUpClock
            | Self::ContactsLogged
            | Self::ArticlesOwned
            | Self::ProcessMaps
            | Self::ReferralsKept => Area::Operations,
            Self::RetentionDecided
            | Self::BackupTried
            | Self::AccessibilityTried
            | Self::OpeningsReviewed => Area::Infrastructure,
            Self::AssignmentsApproved
            | Self::ReviewsInTime
            | Self::VolumesCompared
            | Self::OutsideCounted
            | Self::MeetingsHeld => Area::Clients,
        }
    }

    /// The page that shows it, for what the house knows itself.
    #[must_use]
    pub const fn evidence(self) -> Option<&'static str> {
        Some(match self {
            Self::StatusShown => "/status",
            Self::SurveyOn | Self::ServiceLevelMeasured => "/board",
            Self::DepartmentsFollowed | Self::FollowUpClock => "/departments",
            Self::CompetenceWritten
            | Self::ProcessMaps
            | Self::AssignmentsApproved
            | Self::ReviewsInTime
            | Self::VolumesCompared => "/assignments",
            Self::ContactsLogged => "/guide",
            Self::ArticlesOwned => "/knowledge",
            Self::ReferralsKept => "/referrals",
            Self::RetentionDecided => "/records/retention",
            Self::OutsideCounted => "/assignments/outside",
            _ => return None,
        })
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// How many have it.
    pub have: u64,
    /// Of how many.
    pub of: u64,
}

/// What the house knows of itself, counted over the last [`FACTS_DAYS`] days where it is about what happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Cases registered that have a way for their resident to see how they stand.
    pub cases_with_status: Part,
    /// Survey invitations answered, of those sent.
    pub surveys: Part,
    /// Calls that were answered, of those offered.
    pub calls: Part,
    /// Questions to officers answered, of those asked.
    pub questions: Part,
    /// Open questions to officers whose clock runs or stands still for a reason, of those open.
    pub clocks: Part,
    /// Answered contacts that were logged, of those answered.
    pub logged: Part,
    /// Live articles with an owner and a review day that has not passed, of those live.
    pub articles: Part,
    /// Assignments in force with a process map, of those in force.
    pub process_maps: Part,
    /// Assignments in force with groups or skills named.
    pub competence: Part,
    /// Assignments in force with expected volumes.
    pub volumes: Part,
    /// Assignments in force whose review day has not passed.
    pub reviews: Part,
    /// Departments with at least one assignment in force, of those whose case types are in use.
    pub departments: Part,
    /// Referrals shown.
    pub referrals: u64,
    /// Retention rules decided.
    pub retention_rules: u64,
    /// Logged contacts within an assignment, of those logged.
    pub within: Part,
}

/// How far back what happens is counted, in days.
pub const FACTS_DAYS: i64 = 90;
/// A share from which a point that is never quite full counts as in place.
const NEARLY_ALL: f64 = 0.95;
/// Fewer than this are not counted as a habit.
const HABIT_MIN: u64 = 5;

/// What the house knows of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is in place.
    pub state: PointState,
    /// How many of how many, where that says something.
    pub part: Option<Part>,
}

/// What the facts say of a point; none if it is for people to say.
#[must_use]
pub fn computed(point: Point, facts: &Facts) -> Option<Finding> {
    let all = |part: Part| Finding {
        state: match part {
            Part { of: 0, .. } | Part { have: 0, .. } => PointState::Missing,
            Part { have, of } if have >= of => PointState::InPlace,
            _ => PointState::Partly,
        },
        part: Some(part),
    };
    let nearly = |part: Part| {
        let share = share(part);
        let state = match share {
            Some(share) if share >= NEARLY_ALL => PointState::InPlace,
            Some(share) if share > 0.0 => PointState::Partly,
            _ => PointState::Missing,
        };
        Finding { state, part: Some(part) }
    };
    // It is done at all: how well is for the figures' own pages.
    let habit = |part: Part| Finding {
        state: match part.of {
            0 => PointState::Missing,
            n if n < HABIT_MIN => PointState::Partly,
            _ => PointState::InPlace,
        },
        part: Some(part),
    };
    let some = |count: u64| Finding {
        state: if count > 0 { PointState::InPlace } else { PointState::Missing },
        part: None,
    };
    Some(match point {
        Point::StatusShown => nearly(facts.cases_with_status),
        Point::SurveyOn => habit(facts.surveys),
        Point::ServiceLevelMeasured => habit(facts.calls),
        Point::DepartmentsFollowed => habit(facts.questions),
        Point::CompetenceWritten => all(facts.competence),
        Point::FollowUpClock => all(facts.clocks),
        Point::ContactsLogged => nearly(facts.logged),
        Point::ArticlesOwned => all(facts.articles),
        Point::ProcessMaps => all(facts.process_maps),
        Point::ReferralsKept => some(facts.referrals),
        Point::RetentionDecided => some(facts.retention_rules),
        Point::AssignmentsApproved => all(facts.departments),
        Point::ReviewsInTime => all(facts.reviews),
        Point::VolumesCompared => all(facts.volumes),
        Point::OutsideCounted => habit(facts.within),
        Point::WaysInTold
        | Point::ComplaintsHandled
        | Point::GoalsSet
        | Point::CrisisPlanTried
        | Point::IntroductionPlanned
        | Point::CoachingHeld
        | Point::IncidentsFollowed
        | Point::BackupTried
        | Point::AccessibilityTried
        | Point::OpeningsReviewed
        | Point::MeetingsHeld => return None,
    })
}

fn share(part: Part) -> Option<f64> {
    // Counts of a contact centre lie far below where a double loses whole numbers.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let share = |part: Part| part.have as f64 / part.of as f64;
    (part.of > 0).then(|| share(part))
}

/// What has been set by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The point.
    pub point: Point,
    /// What was said of it.
    pub state: PointState,
    /// How it is so.
    pub note: String,
    /// Where it can be seen; empty if nowhere.
    pub evidence: String,
    /// When that was said.
    pub day: Date,
    /// By whom.
    pub by: Option<UserId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_in_place_partly_or_missing() {
        let of = |have, of| Facts { process_maps: Part { have, of }, ..Facts::default() };
        let state = |facts: &Facts| computed(Point::ProcessMaps, facts).unwrap().state;
        assert_eq!(state(&of(0, 0)), PointState::Missing);
        assert_eq!(state(&of(0, 3)), PointState::Missing);
        assert_eq!(state(&of(2, 3)), PointState::Partly);
        assert_eq!(state(&of(3, 3)), PointState::InPlace);
        let logged = |have, of| {
            computed(Point::ContactsLogged, &Facts { logged: Part { have, of }, ..Facts::default() })
                .unwrap()
                .state
        };
        assert_eq!(
            [logged(95, 100), logged(94, 100), logged(0, 100)],
            [PointState::InPlace, PointState::Partly, PointState::Missing]
        );
    }

    #[test]
    fn every_area_has_points_and_what_is_computed_has_a_page_to_show_it() {
        for area in Area::ALL {
            assert!(Point::ALL.iter().filter(|point| point.area() == *area).count() >= 4, "{area}");
        }
        for point in Point::ALL {
            let computed = computed(*point, &Facts::default());
            assert_eq!(computed.is_some(), point.evidence().is_some(), "{point}");
        }
    }
}
