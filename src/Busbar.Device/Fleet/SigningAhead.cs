using Busbar.Domain.Metering;

namespace Busbar.Device.Fleet;

/// <summary>
/// Reads boundaries in order and signs them on worker threads before they are needed, so that signing and the node's work
/// share the processor's cores.
/// </summary>
internal sealed class SigningAhead(IReadOnlyList<VirtualMeter> meters, IRegisterSource source, MeterFleetOptions options)
{
    private readonly Queue<Task<byte[]?[]>> _ready = new();
    private int _toPublish = options.FirstBoundary;
    private int _toRead = options.FirstBoundary;

    /// <summary>The payloads of a boundary by meter, null where there is no reading.</summary>
    public Task<byte[]?[]> TakeAsync(int boundary)
    {
        if (boundary != _toPublish)
            throw new InvalidOperationException($"boundary {_toPublish} is next, not {boundary}: readings are published in order");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(boundary, source.Boundaries);
        var last = Math.Min(source.Boundaries - 1, (long)boundary + options.SignAhead);
        while (_toRead <= last)
            _ready.Enqueue(Begin(_toRead++));
        _toPublish++;
        return _ready.Dequeue();
    }

    private Task<byte[]?[]> Begin(int boundary)
    {
        var readings = new Reading?[meters.Count];
        var instant = source.InstantOf(boundary);
        for (var meter = 0; meter < readings.Length; meter++)
            if (source.TryRead(boundary, meter, out var registers))
                readings[meter] = meters[meter].Read(instant, registers, ReadingFlags.ClockSet);
        return Task.Run(() => Seal(readings));
    }

    private byte[]?[] Seal(Reading?[] readings)
    {
        var payloads = new byte[]?[readings.Length];
        for (var meter = 0; meter < readings.Length; meter++)
            if (readings[meter] is { } reading)
                payloads[meter] = meters[meter].Seal(reading, options.Domain);
        return payloads;
    }
}
