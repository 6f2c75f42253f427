namespace Busbar.Ethereum.Generator;

/// <summary>A JSON value; one of the members is set, or none for numbers, booleans and null, which ABI files do not need.</summary>
internal sealed class JsonValue
{
    private static readonly List<JsonValue> NoItems = new();

    private readonly Dictionary<string, JsonValue>? _members;
    private readonly List<JsonValue>? _items;

    public JsonValue(Dictionary<string, JsonValue> members) => _members = members;

    public JsonValue(List<JsonValue> items) => _items = items;

    public JsonValue(string? text) => Text = text;

    public string? Text { get; }

    public bool IsTrue { get; set; }

    public IReadOnlyList<JsonValue> Items => _items ?? NoItems;

    public bool IsList => _items is not null;

    public JsonValue? this[string name] => _members is not null && _members.TryGetValue(name, out var value) ? value : null;
}
