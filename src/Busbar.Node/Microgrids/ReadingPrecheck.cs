using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Journal;
using Busbar.Node.Intake;

namespace Busbar.Node.Microgrids;

/// <summary>A message after the checks that need no state: decoded, named rightly, signed by its meter.</summary>
/// <param name="Meter">The topic's meter.</param>
/// <param name="Reading">The reading, when the payload is one.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Refused">Why it is refused, if it is.</param>
internal sealed record PrecheckedReading(MeterId Meter, SignedReading? Reading, Hash256 Digest, ReadingRefused? Refused)
{
    /// <summary>
    /// Checks the messages among journal entries, several at once: signatures are nearly all of the work, and none depends on
    /// another.
    /// </summary>
    /// <returns>For each entry its message, or null where the entry is none.</returns>
    public static PrecheckedReading?[] CheckAll(IReadOnlyList<JournalEntry> entries, SigningDomain domain, bool trusted)
    {
        var results = new PrecheckedReading?[entries.Count];
        if (entries.Count < 4)
        {
            for (var i = 0; i < results.Length; i++)
                results[i] = Check(entries[i], domain, trusted);
        }
        else
        {
            Parallel.For(0, results.Length, i => results[i] = Check(entries[i], domain, trusted));
        }

        return results;
    }

    /// <summary>Checks one entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="domain">Where signatures must hold.</param>
    /// <param name="trusted">The signature was judged before, so it is not checked again.</param>
    public static PrecheckedReading? Check(in JournalEntry entry, SigningDomain domain, bool trusted)
    {
        if (entry.Record.Kind != RecordKind.Message)
            return null;
        var (form, topicMeter, payload) = MessageRecord.Read(entry.Record);
        var (signed, refused) = form == MessageForm.Cbor ? ReadingCbor.Decode(payload.Span) : ReadingJson.Decode(payload.Span);
        if (signed is null)
            return new(topicMeter, null, default, refused);
        if (signed.Reading.Meter != topicMeter)
            return new(topicMeter, signed, default, new ReadingRefused.WrongTopic(topicMeter, signed.Reading.Meter));
        if (trusted)
            return new(topicMeter, signed, signed.Reading.Digest(domain), null);
        return signed.IsGenuine(domain, out var digest)
            ? new(topicMeter, signed, digest, null)
            : new(topicMeter, signed, digest, new ReadingRefused.WrongSignature(topicMeter));
    }
}
