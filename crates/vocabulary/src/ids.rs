//! One registry of typed ids. An id is a UUID v7, so that rows created together lie together; where the time of
//! creation must not be readable from the id (survey responses), it is a v4.

use crate::{Chance, Timestamp};
use newtype_uuid::{GenericUuid as _, TypedUuid, TypedUuidKind, TypedUuidTag};
use uuid::Uuid;

/// Makes ids out of a time and chance that the caller brings.
pub trait NewId: Sized {
    /// A time-ordered id (UUID v7) for something that came to be at `now`.
    fn next(now: Timestamp, chance: &dyn Chance) -> Self;
    /// An id (UUID v4) that tells nothing of when it was made.
    fn untimed(chance: &dyn Chance) -> Self;
}

impl<T: TypedUuidKind> NewId for TypedUuid<T> {
    fn next(now: Timestamp, chance: &dyn Chance) -> Self {
        let mut random = [0_u8; 10];
        chance.fill(&mut random);
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Self::from_untyped_uuid(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }

    fn untimed(chance: &dyn Chance) -> Self {
        let mut random = [0_u8; 16];
        chance.fill(&mut random);
        Self::from_untyped_uuid(uuid::Builder::from_random_bytes(random).into_uuid())
    }
}

/// An id whose kind is not known at compile time: the subject of a timeline entry.
pub type AnyId = Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $kind:ident, $id:ident, $tag:literal;)*) => {$(
        /// The kind behind the id of the same name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $kind {}

        impl TypedUuidKind for $kind {
            fn tag() -> TypedUuidTag {
                const TAG: TypedUuidTag = TypedUuidTag::new($tag);
                TAG
            }
        }

        $(#[$doc])*
        pub type $id = TypedUuid<$kind>;
    )*};
}

ids! {
    /// Somebody who signs in: guide, traffic leader, coach, manager or administrator.
    UserKind, UserId, "user";
    /// A queue's staff with a shared competence (svarsgrupp).
    AnswerGroupKind, AnswerGroupId, "answer_group";
    /// A department of the municipality (förvaltning).
    DepartmentKind, DepartmentId, "department";
    /// The specialist in a department (handläggare).
    OfficerKind, OfficerId, "officer";
    /// Whoever contacts the municipality (invånare).
    ResidentKind, ResidentId, "resident";
    /// One call, e-mail, web question or visit (kontakt). A call carries the same id through routing and telephony.
    ContactKind, ContactId, "contact";
    /// One attempt to let a guide take a contact.
    OfferKind, OfferId, "offer";
    /// One matter of one resident (ärende).
    CaseKind, CaseId, "case";
    /// What a case is about (ärendetyp).
    CaseTypeKind, CaseTypeId, "case_type";
    /// One question to an officer, with its clock (uppföljning).
    FollowUpKind, FollowUpId, "follow_up";
    /// A time an officer is away (frånvaro).
    AbsenceKind, AbsenceId, "absence";
    /// An attempt to reach an officer by telephone.
    OfficerCallKind, OfficerCallId, "officer_call";
    /// Something a person in the contact centre must do, such as phoning an officer (ringuppgift).
    TaskKind, TaskId, "task";
    /// One opening of a protected card, with its stated reason.
    OpeningKind, OpeningId, "opening";
    /// The joining of two cards that are one resident's.
    CardMergeKind, CardMergeId, "card_merge";
    /// A stop to weeding out (bevarandestopp).
    HoldKind, HoldId, "hold";
    /// A batch of what a rule says is to be weeded out (gallring).
    DisposalKind, DisposalId, "disposal";
    /// A signed, revocable link.
    LinkKind, LinkId, "link";
    /// A note on a case.
    NoteKind, NoteId, "note";
    /// Somebody with a part in a case.
    StakeholderKind, StakeholderId, "stakeholder";
    /// A file kept with a case.
    DocumentKind, DocumentId, "document";
    /// Two cases made one.
    MergeKind, MergeId, "merge";
    /// A message on its way out: e-mail or text message.
    MessageKind, MessageId, "message";
    /// An address that residents write to (funktionsbrevlåda).
    MailboxKind, MailboxId, "mailbox";
    /// A piece of work to be done later, at least once.
    JobKind, JobId, "job";
    /// A knowledge article (kunskapsartikel).
    ArticleKind, ArticleId, "article";
    /// A file that goes with an article.
    ArticleFileKind, ArticleFileId, "article_file";
    /// What a colleague says about an article.
    ArticleCommentKind, ArticleCommentId, "article_comment";
    /// What a reader thought of an article.
    ArticleFeedbackKind, ArticleFeedbackId, "article_feedback";
    /// Something to be done about what is known (kunskapsuppgift).
    KnowledgeTaskKind, KnowledgeTaskId, "knowledge_task";
    /// What a department has handed over, with its terms (uppdrag).
    AssignmentKind, AssignmentId, "assignment";
    /// One version of an assignment; never changed once sent to the department.
    AssignmentVersionKind, AssignmentVersionId, "assignment_version";
    /// What somebody else owns, and where to turn (hänvisning).
    ReferralKind, ReferralId, "referral";
    /// A planned event (planerad händelse).
    PlannedEventKind, PlannedEventId, "planned_event";
    /// A monthly or single meeting with a department (avstämning).
    MeetingKind, MeetingId, "meeting";
    /// A standing meeting: which weekday of the month.
    MeetingSeriesKind, MeetingSeriesId, "meeting_series";
    /// One point of a meeting's agenda.
    MeetingItemKind, MeetingItemId, "meeting_item";
    /// What somebody has undertaken at a meeting.
    MeetingActionKind, MeetingActionId, "meeting_action";
    /// An address at which calendar programs fetch what is planned.
    CalendarFeedKind, CalendarFeedId, "calendar_feed";
    /// A calendar that is read, by upload or by address.
    CalendarSourceKind, CalendarSourceId, "calendar_source";
    /// An invitation to a survey; knows who was asked, never what was answered.
    InvitationKind, InvitationId, "invitation";
    /// One respondent's answers; knows what was answered, never by whom.
    ResponseKind, ResponseId, "response";
    /// A signed-in browser.
    SessionKind, SessionId, "session";
    /// A key for the HTTP API.
    ApiKeyKind, ApiKeyId, "api_key";
    /// Another system that is told what happens.
    WebhookKind, WebhookId, "webhook";
    /// One thing another system is told.
    WebhookDeliveryKind, WebhookDeliveryId, "webhook_delivery";
    /// A code sent to a resident, to prove who they are.
    ChallengeKind, ChallengeId, "challenge";
    /// A filter somebody has kept.
    SavedFilterKind, SavedFilterId, "saved_filter";
    /// A change of many cases at once.
    BulkChangeKind, BulkChangeId, "bulk_change";
    /// A guide's SIP account.
    TelephoneKind, TelephoneId, "telephone";
    /// One case's way through the steps of its process.
    ProcessKind, ProcessId, "process";
    /// One version of a process's definition; never changed once published.
    ProcessVersionKind, ProcessVersionId, "process_version";
    /// What can be booked: a room, a registrar, a visit (resurs).
    ResourceKind, ResourceId, "resource";
    /// A booked time (bokning).
    BookingKind, BookingId, "booking";
    /// A firm that is called out (entreprenör).
    ContractorKind, ContractorId, "contractor";
    /// One exchange of letters with one resident (konversation).
    ConversationKind, ConversationId, "conversation";
    /// One letter in a conversation: received, written, a note or an automatic one.
    LetterKind, LetterId, "letter";
    /// A file that came with a letter.
    LetterPartKind, LetterPartId, "letter_part";
    /// A text to answer with (svarsmall).
    ReplyTemplateKind, ReplyTemplateId, "reply_template";
    /// One visit to the desk (besök).
    VisitKind, VisitId, "visit";
    /// A crisis, from when it begins until it is over (kris).
    CrisisKind, CrisisId, "crisis";
    /// One version of what is said in a crisis (krismeddelande).
    CrisisMessageKind, CrisisMessageId, "crisis_message";
    /// What the spike detector has seen and proposes a message for.
    SpikeProposalKind, SpikeProposalId, "spike_proposal";
    /// Somebody on the call-in list (timanställd på inringningslistan).
    CallInPersonKind, CallInPersonId, "call_in_person";
    /// One time hourly staff are called in (inringning).
    CallInKind, CallInId, "call_in";
    /// One search: random, and tied to nobody (sökning).
    SearchKind, SearchId, "search";
    /// Something that is asked for and not found (lucka).
    GapKind, GapId, "search_gap";
    /// Words that mean the same in a search (synonymer).
    SynonymKind, SynonymId, "synonym";
}
