using System.Text.Json;
using System.Text.Json.Serialization;
using Busbar.Cryptography;
using Busbar.Ledger.Engine;

namespace Busbar.Ledger.Deploying;

/// <summary>The addresses file: what anyone needs to find a community's contracts and to check them.</summary>
/// <param name="Contracts">Where they stand.</param>
/// <param name="Deployer">Who deployed them.</param>
/// <param name="FirstBlock">The block that the first contract is in: events are read from there on.</param>
/// <param name="LastBlock">The block that the last step is in.</param>
/// <param name="Compiler">The compiler that made the code, with its settings.</param>
public sealed record DeploymentFile(ContractAddresses Contracts, Address Deployer, ulong FirstBlock, ulong LastBlock, string Compiler)
{
    private const string FormatName = "busbar-deployment-1";
    private const int LongestFile = 64 * 1024;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Writes the file whole or not at all.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellation)
    {
        var addresses = new AddressForm(
            Contracts.Council.ToString(),
            Contracts.Members.ToString(),
            Contracts.Meters.ToString(),
            Contracts.Anchors.ToString(),
            Contracts.Money?.Vault.ToString(),
            Contracts.Money?.Payments.ToString(),
            Contracts.Money?.Billing.ToString(),
            Contracts.Market?.Storage.ToString(),
            Contracts.Market?.Taxes.ToString(),
            Contracts.Market?.Board.ToString(),
            Contracts.Market?.Demands.ToString(),
            Contracts.Channels?.ToString());
        var form = new Form(FormatName, Contracts.ChainId, addresses, Deployer.ToString(), FirstBlock, LastBlock, Compiler);
        var text = JsonSerializer.SerializeToUtf8Bytes(form, Options);
        await DurableFile.WriteAsync(path, stream => stream.Write(text), cancellation);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DeploymentException">It is missing or not an addresses file; the message tells why.</exception>
    public static async Task<DeploymentFile> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(path);
            if (file.Length > LongestFile)
                throw new DeploymentException($"{path} is no addresses file: longer than {LongestFile} bytes");
            var form = await JsonSerializer.DeserializeAsync<Form>(file, Options, cancellation);
            if (form is not { Format: FormatName, Contracts: { } addresses })
                throw new DeploymentException($"{path} is no addresses file: its format is not {FormatName}");
            var contracts = new ContractAddresses(
                form.ChainId,
                Parse(addresses.Council, "contracts.council", path),
                Parse(addresses.Members, "contracts.members", path),
                Parse(addresses.Meters, "contracts.meters", path),
                Parse(addresses.Anchors, "contracts.anchors", path))
            {
                Money = addresses is { Vault: null, Payments: null, Billing: null }
                    ? null
                    : new(
                        Parse(addresses.Vault, "contracts.vault", path),
                        Parse(addresses.Payments, "contracts.payments", path),
                        Parse(addresses.Billing, "contracts.billing", path)),
                Market = addresses is { Storage: null, Taxes: null, Board: null, Demands: null }
                    ? null
                    : new(
                        Parse(addresses.Storage, "contracts.storage", path),
                        Parse(addresses.Taxes, "contracts.taxes", path),
                        Parse(addresses.Board, "contracts.board", path),
                        Parse(addresses.Demands, "contracts.demands", path)),
                Channels = addresses.Channels is null ? null : Parse(addresses.Channels, "contracts.channels", path),
            };
            return new(contracts, Parse(form.Deployer, "deployer", path), form.FirstBlock, form.LastBlock, form.Compiler ?? "");
        }
        catch (JsonException wrong)
        {
            throw new DeploymentException($"{path} is no addresses file: {wrong.Message}");
        }
        catch (IOException missing)
        {
            throw new DeploymentException($"{path} cannot be read: {missing.Message}");
        }
    }

    private static Address Parse(string? text, string member, string path) =>
        Address.TryParse(text, out var address) && !address.IsZero
            ? address
            : throw new DeploymentException($"{path}: {member} is no address: {text}");

    private sealed record Form(
        string? Format, ulong ChainId, AddressForm? Contracts, string? Deployer, ulong FirstBlock, ulong LastBlock, string? Compiler);

    private sealed record AddressForm(
        string? Council,
        string? Members,
        string? Meters,
        string? Anchors,
        string? Vault,
        string? Payments,
        string? Billing,
        string? Storage,
        string? Taxes,
        string? Board,
        string? Demands,
        string? Channels);
}
