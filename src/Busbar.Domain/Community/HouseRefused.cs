using Busbar.Domain.Metering;

namespace Busbar.Domain.Community;

/// <summary>Why a house cannot be written into the directory. A closed set.</summary>
/// <param name="Line">Its place in the list that was given, from 1.</param>
public abstract record HouseRefused(int Line)
{
    /// <summary>The refusal's name.</summary>
    public string Reason => GetType().Name;

    /// <summary>One line for a person.</summary>
    public abstract string Detail { get; }

    /// <summary>The name is missing, too long, or has characters that do not print.</summary>
    public sealed record BadName(int Line, string Member) : HouseRefused(Line)
    {
        /// <inheritdoc />
        public override string Detail => $"{Member} has 1 to {House.LongestName} printing characters";
    }

    /// <summary>Another house has this name.</summary>
    public sealed record NameTaken(int Line, string Name) : HouseRefused(Line)
    {
        /// <inheritdoc />
        public override string Detail => $"another house is called {Name}; give each its own name";
    }

    /// <summary>The meter stands in the list twice.</summary>
    public sealed record MeterTwice(int Line, MeterId Meter) : HouseRefused(Line)
    {
        /// <inheritdoc />
        public override string Detail => $"the meter {Meter} is in the list twice; a key meters one point";
    }

    /// <summary>There is no such microgrid.</summary>
    public sealed record UnknownMicrogrid(int Line, MicrogridId Microgrid) : HouseRefused(Line)
    {
        /// <inheritdoc />
        public override string Detail => $"the community has no microgrid {Microgrid}";
    }

    /// <summary>The meter stands on the ledger in another microgrid, or as another kind.</summary>
    public sealed record RegisteredOtherwise(int Line, MeterId Meter, MicrogridId Microgrid, MeterKind Kind) : HouseRefused(Line)
    {
        /// <inheritdoc />
        public override string Detail => $"the ledger has {Meter} as {Kind} of microgrid {Microgrid}; a regulator must retire it there first";
    }

    /// <summary>A value cannot be read.</summary>
    public sealed record BadValue(int Line, string Member, string Expected) : HouseRefused(Line)
    {
        /// <inheritdoc />
        public override string Detail => $"{Member} is {Expected}";
    }

    /// <summary>The list has too many houses.</summary>
    public sealed record TooMany(int Line, int Most) : HouseRefused(Line)
    {
        /// <inheritdoc />
        public override string Detail => $"at most {Most} houses are taken at once";
    }
}
