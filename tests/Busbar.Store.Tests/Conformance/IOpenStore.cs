using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Readings;
using Busbar.Store.Accounts;

namespace Busbar.Store.Tests.Conformance;

/// <summary>A store under test: its ports, and a way to close it and open it again.</summary>
public interface IOpenStore : IAsyncDisposable
{
    IJournal Journal { get; }

    IOutbox Outbox { get; }

    IEventIndex Events { get; }

    IExplorer Explorer { get; }

    IReadingStore Readings { get; }

    IAccountStore Accounts { get; }

    ISessionStore Sessions { get; }

    IInvitationStore Invitations { get; }

    Task ReopenAsync();

    /// <summary>Moves what is older into the packed form, where the store has one.</summary>
    Task PackAsync(NodaTime.Instant before);
}
