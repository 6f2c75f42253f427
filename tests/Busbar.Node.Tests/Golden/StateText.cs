using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Node.Microgrids;

namespace Busbar.Node.Tests.Golden;

/// <summary>What a microgrid's state says in words that no later form of checkpoints changes.</summary>
internal static class StateText
{
    public static IReadOnlyList<string> Of(MicrogridState state, SigningDomain domain)
    {
        var metering = state.Metering;
        List<string> lines =
        [
            $"microgrid {metering.Microgrid}",
            $"rules {Encoding.UTF8.GetString(RulesRecord.Write(metering.Rules))}",
            string.Create(CultureInfo.InvariantCulture, $"ledger {state.Ledger.Block} {state.Ledger.LogIndex}"),
            $"next {metering.NextInterval?.Start}",
            $"corrections wait {metering.CorrectionsWait}",
        ];
        foreach (var meter in metering.Meters.OrderBy(meter => meter.Meter))
        {
            lines.Add(
                $"meter {meter.Meter} {meter.Kind} {meter.Commodity} of {meter.Participant} at {meter.Premises} with {meter.Firmware}, "
                + $"registered {meter.RegisteredAt}, retired {meter.RetiredAt}");
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"its next number {metering.NextSequence(meter.Meter)}, its last reading {metering.LastReading(meter.Meter)?.Digest(domain)}"));
        }

        return lines;
    }

    public static IEnumerable<string> Of(BatchDecision decision) => decision.Ticks.SelectMany(tick => tick.Closings).Select(closing =>
        $"{closing.Interval.Start} {closing.Interval.Length} version {closing.Version}: "
        + string.Join(", ", closing.Estimates.Select(estimate => string.Create(
            CultureInfo.InvariantCulture,
            $"{estimate.Key} {estimate.Value.Import.MilliwattHours} {estimate.Value.Export.MilliwattHours}"))));

    public static string HashOf(byte[] checkpoint) => Keccak256.Hash(checkpoint).ToString();
}
