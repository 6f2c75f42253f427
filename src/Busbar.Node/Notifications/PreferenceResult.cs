using Busbar.Domain.Notifications;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Notifications;

/// <summary>What came of a wish about notifications. A closed set; all but the first three are refusals.</summary>
public abstract record PreferenceResult
{
    private PreferenceResult()
    {
    }

    /// <summary>Whether it was done.</summary>
    public bool IsDone => this is Done or Subscribed or WebhookSet;

    /// <summary>The case's name: a stable code for the API.</summary>
    public string Code => GetType().Name;

    /// <summary>One line for a person.</summary>
    public abstract string Detail { get; }

    /// <summary>It was done.</summary>
    public sealed record Done : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => "done";
    }

    /// <summary>A browser was subscribed.</summary>
    /// <param name="Id">The subscription's name, to end it by.</param>
    public sealed record Subscribed(string Id) : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => "subscribed";
    }

    /// <summary>A webhook was set.</summary>
    /// <param name="Secret">What its requests are signed with; shown now, and made anew on request.</param>
    public sealed record WebhookSet(string Secret) : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => "set";

        /// <summary>The secret stays out of every text.</summary>
        public override string ToString() => nameof(WebhookSet);
    }

    /// <summary>A critical topic would come over no channel any more; nothing was changed.</summary>
    /// <param name="Topic">Which.</param>
    public sealed record CriticalTopicSilenced(NotificationTopic Topic) : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => $"{Topic} cannot be switched off on every channel; leave one on";
    }

    /// <summary>An address cannot be taken.</summary>
    /// <param name="Fault">What is wrong with it.</param>
    public sealed record AddressRefused(string Fault) : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => Fault;
    }

    /// <summary>The channel is not set up on this node.</summary>
    /// <param name="Channel">Which.</param>
    public sealed record ChannelNotSetUp(NotificationChannel Channel) : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => $"{Channel} is not set up on this node; its operator can do so";
    }

    /// <summary>The code is wrong, used up or too old.</summary>
    /// <param name="TriesLeft">How many tries are left; with none, ask for another code.</param>
    public sealed record WrongCode(int TriesLeft) : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => TriesLeft > 0 ? $"the code is wrong; {TriesLeft} tries are left" : "the code is no longer good; ask for another";
    }

    /// <summary>Too often.</summary>
    /// <param name="Until">When it may be tried again.</param>
    public sealed record TooOften(Instant Until) : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => $"not before {InstantPattern.General.Format(Until)}";
    }

    /// <summary>There is nothing such: no address on the channel, no subscription of that name.</summary>
    public sealed record NothingThere : PreferenceResult
    {
        /// <inheritdoc />
        public override string Detail => "there is nothing such";
    }
}
