using Busbar.Mqtt.Codec;
using FsCheck;
using FsCheck.Fluent;

namespace Busbar.Mqtt.Tests.Codec;

/// <summary>What is written is read again, however the bytes are cut.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<string> Texts = Gen.Elements("a", "meter/1", "Zähler", "電気", new string('x', 300), "-");
    private static readonly Gen<byte[]> Payloads = Gen.Choose(0, 3000).Select(size => Enumerable.Range(0, size).Select(at => (byte)(at % 251)).ToArray());
    private static readonly Gen<int> Cuts = Gen.Elements(1, 2, 3, 7, 64, 4096, int.MaxValue);

    [Fact]
    public void Publish_Any_ComesBack()
    {
        var cases =
            from topic in Texts
            from payload in Payloads
            from qos in Gen.Elements(MqttQos.AtMostOnce, MqttQos.AtLeastOnce, MqttQos.ExactlyOnce)
            from retain in Gen.Elements(true, false)
            from duplicate in Gen.Elements(true, false)
            from id in Gen.Choose(1, 65_535)
            from cut in Cuts
            select (topic, payload, qos, retain, duplicate: duplicate && qos != MqttQos.AtMostOnce, id: qos == MqttQos.AtMostOnce ? 0 : id, cut);

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var topic = System.Text.Encoding.UTF8.GetBytes(one.topic);
            var bytes = FrameTesting.Written(to => PacketWriter.Publish(to, topic, one.payload, one.qos, one.retain, one.duplicate, (ushort)one.id));
            Assert.Equal(PacketWriter.PublishSize(topic.Length, one.payload.Length, one.qos), bytes.Length);
            using var reader = new MqttFrameReader(64 * 1024);
            var buffer = FrameTesting.Cut(bytes, one.cut);
            Assert.True(reader.TryRead(ref buffer, out var frame, out _));
            Assert.True(buffer.IsEmpty);
            Assert.Equal(MqttProtocolError.None, PublishPacket.Decode(frame, out var packet));
            Assert.Equal(one.topic, new TopicCache().Get(packet.Topic, out _));
            Assert.True(packet.Payload.SequenceEqual(one.payload));
            Assert.Equal((one.qos, one.retain, one.duplicate, one.id), (packet.Qos, packet.Retain, packet.Duplicate, packet.PacketId));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Connect_Any_ComesBack()
    {
        var wills =
            from topic in Texts
            from payload in Payloads
            from qos in Gen.Choose(0, 2)
            from retain in Gen.Elements(true, false)
            select new MqttWill(topic, payload, (MqttQos)qos, retain);
        var cases =
            from id in Texts
            from clean in Gen.Elements(true, false)
            from keepAlive in Gen.Choose(0, 65_535)
            from will in Gen.OneOf(wills.Select(will => (MqttWill?)will), Gen.Constant<MqttWill?>(null))
            from user in Gen.OneOf(Texts.Select(text => (string?)text), Gen.Constant<string?>(null))
            from password in Gen.OneOf(Payloads.Select(bytes => (byte[]?)bytes), Gen.Constant<byte[]?>(null))
            from cut in Cuts
            select (cut, packet: new ConnectPacket
            {
                ClientId = id,
                CleanSession = clean,
                KeepAliveSeconds = (ushort)keepAlive,
                Will = will,
                UserName = user,
                Password = user is null ? null : password,
            });

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            using var reader = new MqttFrameReader(64 * 1024);
            var buffer = FrameTesting.Cut(FrameTesting.Written(to => PacketWriter.Connect(to, one.packet)), one.cut);
            Assert.True(reader.TryRead(ref buffer, out var frame, out _));
            Assert.Equal(MqttProtocolError.None, ConnectPacket.Decode(frame.Body, out var back));
            Assert.Equal(one.packet with { Will = null, Password = null }, back! with { Will = null, Password = null });
            Assert.Equal(one.packet.Password, back.Password);
            Assert.Equal(one.packet.Will?.Payload.ToArray(), back.Will?.Payload.ToArray());
            Assert.Equal(one.packet.Will is null ? null : one.packet.Will with { Payload = default }, back.Will is null ? null : back.Will with { Payload = default });
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void SubscribeAndAnswers_InOneBuffer_ComeBackInOrder(int cut)
    {
        var subscribe = new SubscribePacket(7, [new MqttSubscription("a/+", MqttQos.AtMostOnce), new MqttSubscription("#")]);
        var unsubscribe = new UnsubscribePacket(8, ["a/+", "b"]);
        var subAck = new SubAckPacket(7, [MqttSubscribeCode.GrantedAtLeastOnce, MqttSubscribeCode.Refused]);
        var bytes = FrameTesting.Written(to =>
        {
            PacketWriter.Subscribe(to, subscribe);
            PacketWriter.Unsubscribe(to, unsubscribe);
            PacketWriter.SubAck(to, subAck);
            PacketWriter.ConnAck(to, new ConnAckPacket(true, MqttConnectCode.Accepted));
            PacketWriter.WithId(to, MqttPacketType.PubRel, 65_535);
            PacketWriter.Empty(to, MqttPacketType.PingReq);
        });
        using var reader = new MqttFrameReader(1024);
        var buffer = FrameTesting.Cut(bytes, cut);

        Assert.True(reader.TryRead(ref buffer, out var frame, out _));
        SubscribePacket.Decode(frame.Body, out var subscribed);
        Assert.Equal(subscribe.Subscriptions, subscribed!.Subscriptions);
        Assert.True(reader.TryRead(ref buffer, out frame, out _));
        UnsubscribePacket.Decode(frame.Body, out var unsubscribed);
        Assert.Equal(unsubscribe.Filters, unsubscribed!.Filters);
        Assert.True(reader.TryRead(ref buffer, out frame, out _));
        SubAckPacket.Decode(frame.Body, out var answered);
        Assert.Equal(subAck.Codes, answered!.Codes);
        Assert.True(reader.TryRead(ref buffer, out frame, out _));
        ConnAckPacket.Decode(frame.Body, out var connAck);
        Assert.Equal(new ConnAckPacket(true, MqttConnectCode.Accepted), connAck);
        Assert.True(reader.TryRead(ref buffer, out frame, out _));
        PacketIdBody.Decode(frame.Body, out var id);
        Assert.Equal((MqttPacketType.PubRel, (ushort)65_535), (frame.Type, id));
        Assert.True(reader.TryRead(ref buffer, out frame, out _));
        Assert.Equal(MqttPacketType.PingReq, frame.Type);
        Assert.False(reader.TryRead(ref buffer, out _, out var error));
        Assert.Equal(MqttProtocolError.None, error);
    }

    [Fact]
    public void Publish_RepeatedTopic_AllocatesNothingToDecode()
    {
        var bytes = FrameTesting.Written(to => PacketWriter.Publish(to, "busbar/v1/m/reading"u8, new byte[120], MqttQos.AtLeastOnce, false, false, 9));
        using var reader = new MqttFrameReader(1024);
        var topics = new TopicCache();
        DecodeOnce(reader, topics, bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            DecodeOnce(reader, topics, bytes);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void DecodeOnce(MqttFrameReader reader, TopicCache topics, byte[] bytes)
    {
        var buffer = new System.Buffers.ReadOnlySequence<byte>(bytes);
        if (!reader.TryRead(ref buffer, out var frame, out _) || PublishPacket.Decode(frame, out var packet) != MqttProtocolError.None
            || topics.Get(packet.Topic, out _) is null)
        {
            throw new InvalidOperationException("the frame is good");
        }
    }
}
