namespace Busbar.Domain.Notifications;

/// <summary>What is said: each has a text in every language. The names are stored, and are the keys of the texts.</summary>
public enum NotificationMessage
{
    /// <summary>Nothing: never said.</summary>
    None,

    /// <summary>A meter has said nothing for a while.</summary>
    MeterSilent,

    /// <summary>A silent meter is heard again.</summary>
    MeterHeard,

    /// <summary>A reading was refused.</summary>
    ReadingRefused,

    /// <summary>The ledger refused an interval.</summary>
    AnchorFailed,

    /// <summary>A member was admitted.</summary>
    MemberAdmitted,

    /// <summary>A member's role was changed.</summary>
    MemberChanged,

    /// <summary>A member was removed.</summary>
    MemberRemoved,

    /// <summary>A rule was proposed.</summary>
    RuleProposed,

    /// <summary>A rule has changed.</summary>
    RuleChanged,

    /// <summary>An authority asks for data of a premises.</summary>
    AccessRequested,

    /// <summary>A warning of something unsafe.</summary>
    AdvisoryIssued,

    /// <summary>Somebody was invited as a guest.</summary>
    GuestInvited,

    /// <summary>A meter is online, and its relay does not follow its permit.</summary>
    RelayNotFollowing,

    /// <summary>Premises owe, and their supply ends soon.</summary>
    PermitEnding,

    /// <summary>Prepaid money is used up soon.</summary>
    PrepaidEnding,

    /// <summary>A meter has ended the supply, because its permit has ended.</summary>
    SupplyEnded,

    /// <summary>A meter supplies again.</summary>
    SupplyBack,

    /// <summary>A bill was made.</summary>
    BillIssued,

    /// <summary>A bill has another version.</summary>
    BillCorrected,

    /// <summary>Debt from before the account was taken over.</summary>
    ArrearsBooked,

    /// <summary>Money was received for premises.</summary>
    PaymentReceived,

    /// <summary>A credit was paid out.</summary>
    CreditPaidOut,

    /// <summary>The operator has answered an objection to a bill.</summary>
    ObjectionAnswered,

    /// <summary>A neighbour offers energy: a call to buy.</summary>
    AdvertPosted,

    /// <summary>A neighbour asks for energy: a call to sell.</summary>
    DemandPosted,

    /// <summary>Somebody offers what one asked for.</summary>
    OfferMade,

    /// <summary>One's offer was accepted.</summary>
    OfferAccepted,

    /// <summary>The first who offered has what one asked for to give.</summary>
    DemandTaken,

    /// <summary>Somebody bought of one's advert.</summary>
    EnergySold,

    /// <summary>What one bought has come, or as much as did.</summary>
    DeliveryReceived,

    /// <summary>What one sold is paid.</summary>
    DeliveryPaid,

    /// <summary>The two meters of a delivery disagree.</summary>
    DeliveryDisputed,

    /// <summary>A delivery that nobody settled was freed.</summary>
    DeliveryExpired,

    /// <summary>The life of one's advert is over.</summary>
    AdvertExpired,

    /// <summary>The time of one's demand is over.</summary>
    DemandExpired,

    /// <summary>A safety sensor raised the alarm.</summary>
    SafetyAlarm,

    /// <summary>The code that shows that a mail address is one's own.</summary>
    EmailConfirmation,

    /// <summary>A test, on request.</summary>
    Test,
}
