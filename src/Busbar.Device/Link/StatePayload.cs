namespace Busbar.Device.Link;

/// <summary>The payload of a meter's state topic when it goes; what it says while it is there, its supply tells.</summary>
internal static class StatePayload
{
    public static byte[] Offline { get; } = """{"online":false}"""u8.ToArray();
}
