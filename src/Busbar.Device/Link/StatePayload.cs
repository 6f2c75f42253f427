namespace Busbar.Device.Link;

/// <summary>The payloads of a meter's state topic.</summary>
internal static class StatePayload
{
    public static byte[] Online { get; } = """{"online":true}"""u8.ToArray();

    public static byte[] Offline { get; } = """{"online":false}"""u8.ToArray();
}
