using System.CommandLine;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Device.Chain;

namespace Busbar.Cli.Trade;

/// <summary>Something on the ledger, ready to be signed.</summary>
/// <param name="Title">What it does, in a sentence without an end.</param>
/// <param name="Call">The transaction's call.</param>
internal sealed record Deed(string Title, RawCall Call)
{
    /// <summary>A call that takes no money along.</summary>
    public Deed(string title, Address contract, byte[] data)
        : this(title, new RawCall(contract, 0, data))
    {
    }

    /// <summary>What it comes to.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    /// <summary>The same as the node's API has it; null where it has nothing of the kind.</summary>
    public JsonElement? Quote { get; init; }

    /// <summary>Why the ledger would refuse it, by the contract's name; null when nothing is known against it.</summary>
    public string? Refusal { get; init; }
}

/// <summary>A verb that comes to a deed.</summary>
/// <param name="Name">The command's.</param>
/// <param name="Description">For its help.</param>
/// <param name="Symbols">Its own arguments and options.</param>
/// <param name="PlanAsync">Makes the deed ready.</param>
internal sealed record DeedVerb(
    string Name, string Description, IReadOnlyList<Symbol> Symbols, Func<ParseResult, TradeDesk, CancellationToken, Task<Deed>> PlanAsync)
{
    /// <summary>
    /// Whether the same words always make the same call, whatever the market does: then what was signed before a crash is known again.
    /// Such a verb asks the node for nothing but the ledger.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>Makes the command that has the verb's own symbols; what everybody's have is added by who makes it act.</summary>
    public Command ToCommand()
    {
        var command = new Command(Name, Description);
        foreach (var symbol in Symbols)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        }

        return command;
    }
}
