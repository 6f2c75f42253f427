using System.CommandLine;
using Busbar.Cli.Running;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Proofs;

namespace Busbar.Cli.Trade;

/// <summary>What a regulator does for a microgrid's store.</summary>
internal static class StoreDeeds
{
    public static DeedVerb Open()
    {
        var file = new Argument<string>("proof")
        {
            Description = "the proof of a reading of the store's meter: GET /api/v1/proofs, or saved from Verify on the page",
        };
        var level = TradeArguments.OptionalEnergy("--level", "what the store held at that reading, as Wh or kWh; it belongs to nobody");
        return new(
            "open-store", "Begins a microgrid's store, or goes on with another meter. A regulator may.", [file, level],
            async (parsed, desk, cancellation) =>
            {
                if (parsed.GetValue(level) is not { } held)
                    throw new CommandFailure("--level is missing: what the store held at that reading, such as 3kWh");
                var proof = await ReadAsync(parsed.GetRequiredValue(file), cancellation);
                return new(
                    $"Open the store of microgrid {proof.Header.Microgrid} at {Figures.Energy(held)}",
                    await desk.ContractAsync("storage", cancellation),
                    Storage.EncodeOpenStore(proof.Header.Microgrid.Number, (ulong)held.MilliwattHours, ProvenReadingForm.ForStorage(proof)))
                {
                    Facts = [("meter", $"{proof.Reading!.Reading.Meter}"), ("reading", $"{proof.Reading.Reading.Instant}")],
                };
            });
    }

    private static async Task<ProofDocument> ReadAsync(string path, CancellationToken cancellation)
    {
        var bytes = await ProofFile.ReadAsync(path, cancellation);
        return ProofDocument.TryParse(bytes, out var proof, out var fault) && proof.Reading is not null
            ? proof
            : throw new CommandFailure($"{path} is no proof of a reading: {fault ?? "it is of an estimate"}");
    }
}
