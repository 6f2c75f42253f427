using Busbar.Domain.Metering;
using Busbar.Domain.Tests.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Busbar.Domain.Tests.Metering;

public sealed class ReadingFuzzTests
{
    private static readonly SignedReading Signed = SignedReading.Sign(Sample.Reading, Sample.Domain, Sample.Key);

    private static readonly byte[] Json = ReadingJson.Encode(Signed);

    private static readonly byte[] Cbor = CborWriter.Write(Signed);

    [Fact]
    public void Decode_AnyBytes_AnswersWithOneOfTheTwo() =>
        Prop.ForAll<byte[]>(bytes => IsOneAnswer(ReadingJson.Decode(bytes)) && IsOneAnswer(ReadingCbor.Decode(bytes)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void DecodeJson_Mutated_IsRefusedOrAnotherReadingThatIsNotGenuine() => AssertMutations(Json, ReadingJson.Decode);

    [Fact]
    public void DecodeCbor_Mutated_IsRefusedOrAnotherReadingThatIsNotGenuine() => AssertMutations(Cbor, ReadingCbor.Decode);

    private delegate (SignedReading? Reading, ReadingRefused? Refused) Decoder(ReadOnlySpan<byte> payload);

    private static void AssertMutations(byte[] original, Decoder decode)
    {
        Prop.ForAll<(ushort Place, byte Value, bool Cut)[]>(changes =>
        {
            var bytes = original.ToList();
            foreach (var (place, value, cut) in changes)
            {
                if (cut && bytes.Count > 0)
                    bytes.RemoveAt(place % bytes.Count);
                else if (bytes.Count > 0)
                    bytes[place % bytes.Count] = value;
            }

            var answer = decode([.. bytes]);
            return IsOneAnswer(answer) && (answer.Reading is not { } read || read == Signed == SaysTheSame(read));
        }).QuickCheckThrowOnFailure();
        for (var place = 0; place < original.Length; place++)
        {
            for (var bit = 1; bit < 256; bit <<= 1)
            {
                var bytes = original.ToArray();
                bytes[place] ^= (byte)bit;
                var (reading, refused) = decode(bytes);
                Assert.True(reading is null != refused is null);

                // Only the case of a hexadecimal digit, the spelling of v and insignificant white space say the same in other bytes.
                if (reading is not null && reading != Signed)
                    Assert.False(reading.IsGenuine(Sample.Domain, out _));
            }
        }
    }

    private static bool SaysTheSame(SignedReading read) =>
        read.Reading.Digest(Sample.Domain) == Signed.Reading.Digest(Sample.Domain) && read.Signature == Signed.Signature;

    private static bool IsOneAnswer((SignedReading? Reading, ReadingRefused? Refused) answer) =>
        answer.Reading is null != answer.Refused is null && answer.Refused?.Detail != "";
}
