using System.Buffers;
using System.Numerics;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Server;

/// <summary>
/// The QoS 1 messages of one connection that wait for their acknowledgement, in the order they came. They may be completed in any order;
/// PUBACKs leave from the front only (MQTT-4.6.0-2). Grows as needed up to its limit. Not thread safe: used under the connection's lane.
/// </summary>
internal sealed class AckRing(int limit)
{
    private const uint Done = 0x1_0000;
    private uint[] _slots = new uint[16];
    private uint _head;
    private uint _tail;

    public bool IsFull => Waiting >= limit;

    /// <summary>True when the message in front is complete, so that <see cref="Write"/> would write.</summary>
    public bool IsReady => _head != _tail && (_slots[Index(_head)] & Done) != 0;

    private int Waiting => (int)unchecked(_tail - _head);

    /// <summary>Takes a place at the end. Only when it is not full.</summary>
    public uint Add(ushort packetId)
    {
        if (Waiting == _slots.Length)
            Grow();
        _slots[Index(_tail)] = packetId;
        return unchecked(_tail++);
    }

    /// <summary>Completes a place; one that is already gone is ignored.</summary>
    public void Complete(uint place)
    {
        if (unchecked(place - _head) < (uint)Waiting)
            _slots[Index(place)] |= Done;
    }

    /// <summary>Writes the PUBACKs that are due and frees their places; returns how many.</summary>
    public int Write(IBufferWriter<byte> to)
    {
        var count = 0;
        for (; IsReady; count++)
        {
            PacketWriter.WithId(to, MqttPacketType.PubAck, (ushort)(_slots[Index(_head)] & 0xFFFF));
            unchecked
            {
                _head++;
            }
        }

        return count;
    }

    private int Index(uint place) => (int)(place & (uint)(_slots.Length - 1));

    private void Grow()
    {
        var larger = new uint[BitOperations.RoundUpToPowerOf2((uint)_slots.Length * 2)];
        for (var place = _head; place != _tail; place = unchecked(place + 1))
            larger[place & (uint)(larger.Length - 1)] = _slots[Index(place)];
        _slots = larger;
    }
}
