using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Cli.Devices;

/// <summary>
/// What a meter must know of its community: where its signatures hold, whose permits it obeys and how long intervals are. Read from the node at the first
/// start and kept in the meter's folder, so that a meter can start while its node is away.
/// </summary>
/// <param name="ChainId">The chain's number.</param>
/// <param name="Meters">The contract that knows the meters.</param>
/// <param name="IntervalMinutes">1, 5, 15, 30 or 60.</param>
/// <param name="Operator">The address of the key that signs permits; null in a file of before there were permits.</param>
/// <param name="Vault">The contract that holds the money; null where there is none, and in a file of before devices traded.</param>
/// <param name="Channels">The contract of pay-as-you-go; null where there is none, and in a file of before devices paid.</param>
internal sealed record MeterCommunity(
    ulong ChainId, string Meters, int IntervalMinutes, string? Operator, string? Vault = null, string? Channels = null)
{
    private const string FileName = "community.json";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public SigningDomain Domain => new(ChainId, Address.Parse(Meters));

    /// <summary>Whose permits it obeys; null for nobody's.</summary>
    [JsonIgnore]
    public Address? Signer => Operator is { } text ? Address.Parse(text) : null;

    public IntervalLength Length => IntervalLength.FromMinutes(IntervalMinutes);

    /// <summary>Asks the node, or remembers when it is away.</summary>
    /// <exception cref="CommandFailure">The node is away at the first start, or it is another community's.</exception>
    public static async Task<MeterCommunity> LearnAsync(string folder, Uri node, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, FileName);
        var kept = Load(path);
        try
        {
            var told = await AskAsync(node, cancellation);
            if (kept is not null && kept.Domain != told.Domain)
            {
                throw new CommandFailure(
                    $"the node at {node} has other contracts than those that the readings in {folder} are signed for; "
                    + "give the right node with --node, or make a new meter with --data");
            }

            // Whoever answers in the node's place cannot make the meter obey another key than the one that it learnt first.
            if (kept?.Operator is { } pinned && kept.Signer != told.Signer)
            {
                Terminal.Say(
                    $"the node at {node} says that {told.Operator} signs permits; this meter goes on obeying {pinned} alone. "
                    + $"If the community has a new key, delete {path} and start the meter again");
                told = told with { Operator = pinned };
            }

            // The vault is never replaced on the ledger, so another one is nobody's whom to give money to.
            if (kept?.Vault is { } vault && vault != told.Vault)
            {
                throw new CommandFailure(
                    $"the node at {node} has another vault, {told.Vault ?? "none"}, than the one that this device learnt first, {vault}; "
                    + "give the right node with --node");
            }

            if (told != kept)
                told.Save(folder, path);
            return told;
        }
        catch (NodeAwayException away) when (kept is not null)
        {
            Terminal.Say($"no node answers at {node} ({away.Message}); readings are kept until it does");
            return kept;
        }
        catch (NodeAwayException away)
        {
            throw new CommandFailure(
                $"no node answers at {node} ({away.Message}); a meter's first start needs it. Start it with busbar up, or give its page with --node");
        }
    }

    private static async Task<MeterCommunity> AskAsync(Uri node, CancellationToken cancellation)
    {
        try
        {
            using var http = Http.ClientFor(node);
            http.Timeout = Patience;
            var community = await http.GetFromJsonAsync<JsonElement>(new Uri(node, "/api/v1/community"), cancellation);
            var told = new MeterCommunity(
                community.GetProperty("chainId").GetUInt64(),
                community.GetProperty("contracts").GetProperty("meters").GetString() ?? "",
                community.GetProperty("intervalMinutes").GetInt32(),
                community.TryGetProperty("operator", out var signer) ? signer.GetString() : null,
                community.GetProperty("contracts").TryGetProperty("vault", out var vault) ? vault.GetString() : null,
                community.GetProperty("contracts").TryGetProperty("channels", out var channels) ? channels.GetString() : null);
            return told.IsSound ? told : throw new NodeAwayException("what answers there is no node");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NodeAwayException($"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException failure)
        {
            throw new NodeAwayException(failure.Message);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new NodeAwayException("what answers there is no node");
        }
    }

    private bool IsSound => Address.TryParse(Meters, out _) && IntervalMinutes is 1 or 5 or 15 or 30 or 60
        && (Operator is null || Address.TryParse(Operator, out _)) && (Vault is null || Address.TryParse(Vault, out _))
        && (Channels is null || Address.TryParse(Channels, out _));

    private static MeterCommunity? Load(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<MeterCommunity>(File.ReadAllBytes(path), Form) is { IsSound: true } kept ? kept : null;
        }
        catch (JsonException)
        {
            // As good as none: the node is asked.
            return null;
        }
    }

    private void Save(string folder, string path)
    {
        Directory.CreateDirectory(folder);
        var fresh = path + ".new";
        File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(this, Form));
        File.Move(fresh, path, overwrite: true);
    }

    private sealed class NodeAwayException(string message) : Exception(message);
}
