using Busbar.Device.Buffer;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Metering;

namespace Busbar.Device.Tests.Buffer;

public sealed class ReadingBufferTests : IDisposable
{
    private const int Least = ReadingBuffer.KeptAcknowledged;

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("readings.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_ClosedAndOpened_IsThereInOrder()
    {
        using (var buffer = Open())
            Fill(buffer, 1, 5);

        using var again = Open();

        Assert.Equal(5, again.Waiting);
        Assert.Equal([1UL, 2, 3, 4, 5], Waiting(again));
        Assert.Equal(TestReadings.Signed(3), again.NextWaiting(3, out _));
    }

    [Fact]
    public void Append_SequenceThatDoesNotFollow_Throws()
    {
        using var buffer = Open();
        Fill(buffer, 1, 2);

        Assert.Throws<ArgumentException>(() => buffer.Append(TestReadings.Signed(2)));
    }

    [Fact]
    public void Acknowledge_ClosedAndOpened_OnlyTheOthersWait()
    {
        using (var buffer = Open())
        {
            Fill(buffer, 1, 5);
            buffer.Acknowledge(3);
        }

        using var again = Open();

        Assert.Equal([4UL, 5], Waiting(again));
        Assert.Equal(5UL, again.LastSequence);
    }

    // Wherever a kill or a power cut tore the file, every record before that place is kept and the buffer goes on.
    [Fact]
    public void Open_FileCutAnywhere_KeepsWhatIsWholeAndGoesOn()
    {
        using (var buffer = Open())
            Fill(buffer, 1, 3);
        var whole = File.ReadAllBytes(Path);
        var record = (whole.Length - 16) / 3;
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            using var buffer = Open();

            var kept = Math.Max(0, (length - 16) / record);
            Assert.Equal(kept, buffer.Waiting);
            buffer.Append(TestReadings.Signed((ulong)kept + 1));
            Assert.Equal(kept + 1, buffer.Waiting);
        }
    }

    [Fact]
    public void Open_BitTurnedOver_CutsFromThereOn()
    {
        using (var buffer = Open())
            Fill(buffer, 1, 3);
        var whole = File.ReadAllBytes(Path);
        for (var place = 0; place < whole.Length; place += 7)
        {
            var damaged = whole.ToArray();
            damaged[place] ^= 0x10;
            File.WriteAllBytes(Path, damaged);
            using var buffer = Open();

            Assert.True(buffer.CutBytes > 0);
            Assert.True(buffer.Waiting < 3);
            Assert.Equal(Enumerable.Range(1, buffer.Waiting).Select(sequence => (ulong)sequence), Waiting(buffer));
        }
    }

    [Fact]
    public void Append_BeyondItsCapacity_GivesUpTheOldestAndTheNextFollowsALoss()
    {
        using (var buffer = Open())
            Fill(buffer, 1, Least + 3);

        using var again = Open();
        var first = again.NextWaiting(0, out var followsLoss)!;

        Assert.Equal(Least, again.Waiting);
        Assert.Equal(4UL, first.Reading.Sequence);
        Assert.True(followsLoss);
        again.NextWaiting(5, out followsLoss);
        Assert.False(followsLoss);
    }

    [Fact]
    public void Replace_WithADeclaredLoss_FollowsNoLossAnyMore()
    {
        using (var buffer = Open())
        {
            Fill(buffer, 1, Least + 1);
            var reading = buffer.NextWaiting(0, out _)!.Reading;
            buffer.Replace(TestReadings.Sign(reading with { Flags = reading.Flags | ReadingFlags.ReadingsLost }));
        }

        using var again = Open();

        Assert.True(again.NextWaiting(0, out var followsLoss)!.Reading.Flags.HasFlag(ReadingFlags.ReadingsLost));
        Assert.False(followsLoss);
    }

    [Fact]
    public void Rewind_ToAKeptReading_SendsItAgain()
    {
        using var buffer = Open();
        Fill(buffer, 1, 9);
        buffer.Acknowledge(9);

        buffer.Rewind(4);

        Assert.Equal([4UL, 5, 6, 7, 8, 9], Waiting(buffer));
        buffer.NextWaiting(0, out var followsLoss);
        Assert.False(followsLoss);
    }

    [Fact]
    public void Rewind_ToAReadingThatIsGone_TheOldestFollowsALoss()
    {
        using var buffer = Open();
        Fill(buffer, 1, Least + 20);
        buffer.Acknowledge((ulong)Least + 20);
        buffer.Append(TestReadings.Signed((ulong)Least + 21));
        buffer.Acknowledge((ulong)Least + 21);

        buffer.Rewind(2);

        var first = buffer.NextWaiting(0, out var followsLoss)!;
        Assert.Equal(22UL, first.Reading.Sequence);
        Assert.True(followsLoss);
    }

    [Fact]
    public void Rewind_NothingKept_TheNextFollowsALoss()
    {
        using var buffer = Open();
        buffer.DeclareLost(7);

        buffer.Rewind(3);
        buffer.Append(TestReadings.Signed(8));

        buffer.NextWaiting(0, out var followsLoss);
        Assert.True(followsLoss);
    }

    [Fact]
    public void Rewind_BeyondAllThatWasGivenOut_NumberingGoesOnFromThere()
    {
        using var buffer = Open();
        Fill(buffer, 1, 2);

        buffer.Rewind(10);

        Assert.Equal(9UL, buffer.LastSequence);
        Assert.Throws<ArgumentException>(() => buffer.Append(TestReadings.Signed(9)));
        buffer.Append(TestReadings.Signed(10));
        Assert.Equal(10UL, Waiting(buffer)[^1]);
    }

    [Fact]
    public void Acknowledge_ForMonths_TheFileStaysSmall()
    {
        using var buffer = Open();
        var signed = TestReadings.Signed(1);
        for (var sequence = 1UL; sequence <= 2000; sequence++)
        {
            buffer.Append(signed with { Reading = signed.Reading with { Sequence = sequence } });
            buffer.Acknowledge(sequence);
        }

        Assert.InRange(new FileInfo(Path).Length, 1, 600_000);
        Assert.Equal(0, buffer.Waiting);
    }

    private ReadingBuffer Open() => ReadingBuffer.Open(Path, TestReadings.Domain, Least);

    private static void Fill(ReadingBuffer buffer, int from, int to)
    {
        for (var sequence = from; sequence <= to; sequence++)
            buffer.Append(TestReadings.Signed((ulong)sequence));
    }

    private static List<ulong> Waiting(ReadingBuffer buffer)
    {
        var found = new List<ulong>();
        while (buffer.NextWaiting(found.Count == 0 ? 0 : found[^1] + 1, out _) is { } reading)
            found.Add(reading.Reading.Sequence);
        return found;
    }
}
