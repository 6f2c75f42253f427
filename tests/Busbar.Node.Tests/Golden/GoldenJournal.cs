using System.Text.Json;
using System.Text.Json.Serialization;

namespace Busbar.Node.Tests.Golden;

/// <summary>
/// A microgrid's journal as a release wrote it, and what that release knew at its end. A file for each release stays in this
/// folder for ever; <c>README.md</c> tells how one is made.
/// </summary>
public sealed record GoldenJournal
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public required ulong ChainId { get; init; }

    public required string Deployment { get; init; }

    /// <summary>The community's secret (of a demonstration: it guards nothing).</summary>
    public required string Master { get; init; }

    /// <summary>The state at the end, a fact a line.</summary>
    public required IReadOnlyList<string> State { get; init; }

    /// <summary>Its hash as a checkpoint, compared as long as checkpoints have this version.</summary>
    public required byte CheckpointVersion { get; init; }

    public required string CheckpointHash { get; init; }

    /// <summary>The closings in their order: start, version, estimates.</summary>
    public required IReadOnlyList<string> Closings { get; init; }

    /// <summary>Proof documents as they were handed out.</summary>
    public required IReadOnlyList<JsonElement> Proofs { get; init; }

    /// <summary>Kind, version, time in Unix milliseconds and payload in base64 of each record.</summary>
    public required IReadOnlyList<string> Records { get; init; }

    public static GoldenJournal Read(string path) =>
        JsonSerializer.Deserialize<GoldenJournal>(File.ReadAllBytes(path), Form) ?? throw new InvalidDataException($"{path} is empty");

    public void Write(string path) => File.WriteAllBytes(path, [.. JsonSerializer.SerializeToUtf8Bytes(this, Form), (byte)'\n']);
}
