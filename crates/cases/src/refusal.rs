//! What a case will not have done with it, each as a word: the pages say it in the reader's language, the API as it is.

vocabulary::words! {
    /// Why something is not done with a case, although what was asked could be read.
    Refusal, "refusal" {
        /// Only what is open to all can be offered through Open311.
        SecretService = "secret_service",
        /// The case has been merged: the one it went into is the one to work with.
        Merged = "merged",
        /// A case and itself.
        Itself = "itself",
        /// An open case does not go into a closed one.
        MergeClosed = "merge_closed",
        /// Two cases of different boards, of which one is secret.
        MergeBoards = "merge_boards",
        /// What the merge made has been merged on since; that comes first.
        MergedOn = "merged_on",
        /// The case has not been merged, or has been parted again.
        NotMerged = "not_merged",
        /// A case would be its own ancestor.
        LinkCycle = "link_cycle",
        /// A case has one parent at most.
        OneParent = "one_parent",
        /// A file without content.
        DocumentEmpty = "document_empty",
        /// A file larger than what is kept.
        DocumentTooLarge = "document_too_large",
        /// A sort of file that is not taken in.
        DocumentType = "document_type",
        /// A file whose content is not what it says it is.
        DocumentMismatch = "document_mismatch",
        /// Nothing was chosen to go into the new case.
        NothingChosen = "nothing_chosen",
        /// Whoever is added has neither a name nor a way to be reached.
        StakeholderEmpty = "stakeholder_empty",
        /// Somebody else changed it meanwhile.
        Changed = "changed",
        /// Too long ago to be opened again; what is said becomes a task.
        TooLate = "too_late",
    }
}

impl std::error::Error for Refusal {}
