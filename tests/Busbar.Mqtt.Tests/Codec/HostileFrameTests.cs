using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Tests.Codec;

/// <summary>Good frames damaged at random, and plain noise: always a frame, a wish for more, or a named error; never an exception, never much memory.</summary>
public sealed class HostileFrameTests
{
    private const int MaxPacketSize = 4096;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_DamagedFrames_NamedErrorsOnly(int seed)
    {
        var random = new Random(seed);
        var seeds = Good();
        var errors = new HashSet<MqttProtocolError>();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Damage(random, seeds[random.Next(seeds.Length)]);
            foreach (var error in ReadAll(bytes, random.Next(1, 40)))
                errors.Add(error);
        }

        // A mutator that never reaches a decoder would find nothing and prove nothing.
        Assert.True(errors.Count >= 12, $"only {string.Join(", ", errors)}");
    }

    [Fact]
    public void Read_Noise_MemoryIsBounded()
    {
        var random = new Random(99);
        var noise = new byte[200_000];
        random.NextBytes(noise);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 0; at < noise.Length - 64; at += 64)
            ReadAll(noise.AsSpan(at, 64).ToArray(), int.MaxValue).ForEach(_ => { });

        // 64 bytes of input may cost what their strings and lists cost, not what a length field claims.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3_200 * 2_048L);
    }

    private static List<MqttProtocolError> ReadAll(byte[] bytes, int cut)
    {
        var errors = new List<MqttProtocolError>();
        using var reader = new MqttFrameReader(MaxPacketSize);
        var buffer = FrameTesting.Cut(bytes, cut);
        MqttProtocolError error;
        while (reader.TryRead(ref buffer, out var frame, out error))
            errors.Add(FrameTesting.Decode(frame));
        errors.Add(error);
        return errors;
    }

    private static byte[] Damage(Random random, byte[] good)
    {
        var bytes = good.ToList();
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[][] Good() =>
    [
        FrameTesting.Written(to => PacketWriter.Connect(to, new ConnectPacket
        {
            ClientId = "meter-1",
            UserName = "user",
            Password = "secret"u8.ToArray(),
            Will = new MqttWill("a/will", "gone"u8.ToArray(), MqttQos.AtLeastOnce, true),
        })),
        FrameTesting.Written(to => PacketWriter.Publish(to, "a/b"u8, "hello"u8, MqttQos.AtLeastOnce, false, true, 4)),
        FrameTesting.Written(to => PacketWriter.Publish(to, "a/b"u8, new byte[300], MqttQos.AtMostOnce, true, false, 0)),
        FrameTesting.Written(to => PacketWriter.Subscribe(to, new SubscribePacket(3, [new("a/+/c"), new("#", MqttQos.AtMostOnce)]))),
        FrameTesting.Written(to => PacketWriter.Unsubscribe(to, new UnsubscribePacket(3, ["a/+/c", "#"]))),
        FrameTesting.Written(to => PacketWriter.SubAck(to, new SubAckPacket(3, [MqttSubscribeCode.Refused]))),
        FrameTesting.Written(to => PacketWriter.ConnAck(to, new ConnAckPacket(true, MqttConnectCode.Accepted))),
        FrameTesting.Written(to => PacketWriter.WithId(to, MqttPacketType.PubAck, 77)),
    ];
}
