using System.Globalization;
using Busbar.Domain.Billing;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Busbar.Node.Billing.Tariffs;

/// <summary>
/// Plain YAML as a tree that remembers lines: members, lists and texts. Anchors, tags and second documents are refused, so that what is
/// read is never larger than what was written.
/// </summary>
internal sealed class TariffTree
{
    private const int Deepest = 7;

    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);
    private readonly Parser _events;

    private TariffTree(string text) => _events = new(new StringReader(text));

    /// <summary>The tree, or why there is none.</summary>
    public static (TariffTree Tree, TariffNode? Root, TariffRefused? Refused) Parse(string text)
    {
        var tree = new TariffTree(text);
        try
        {
            return (tree, tree.Document(), null);
        }
        catch (YamlException exception)
        {
            tree._lines[""] = exception.Start.Line;
            return (tree, null, new TariffRefused.NotYaml(exception.InnerException?.Message ?? exception.Message));
        }
        catch (RefusedException exception)
        {
            return (tree, null, exception.Refused);
        }
    }

    /// <summary>The line of a member, or of what it would stand in; 0 when nothing was read.</summary>
    public long LineOf(string path)
    {
        while (true)
        {
            if (_lines.TryGetValue(path, out var line))
                return line;
            if (path.Length == 0)
                return 0;
            path = path[..Math.Max(0, path.AsSpan().LastIndexOfAny('.', '['))];
        }
    }

    private TariffNode Document()
    {
        _lines[""] = 1;
        _events.Consume<StreamStart>();
        if (_events.Accept<StreamEnd>(out _))
            throw new RefusedException(new TariffRefused.Missing("name"));
        _events.Consume<DocumentStart>();
        var root = Node("", 1);
        _events.Consume<DocumentEnd>();
        if (!_events.Accept<StreamEnd>(out var more))
            throw Refuse(_events.Current?.Start.Line ?? 1, new TariffRefused.NotPlain("second document"));
        return root;
    }

    private TariffNode Node(string path, int depth)
    {
        if (depth > Deepest)
            throw Refuse(_events.Current!.Start.Line, new TariffRefused.NotPlain($"more than {Deepest} levels"));
        if (_events.Accept<AnchorAlias>(out var alias))
            throw Refuse(alias.Start.Line, new TariffRefused.NotPlain("anchors"));
        if (_events.Accept<NodeEvent>(out var node) && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
            throw Refuse(node.Start.Line, new TariffRefused.NotPlain(node.Anchor.IsEmpty ? "tags" : "anchors"));
        if (path.Length > 0)
            _lines[path] = node!.Start.Line;
        if (_events.TryConsume<Scalar>(out var scalar))
            return new TariffNode.Scalar(path, scalar.Value);
        if (_events.TryConsume<SequenceStart>(out _))
            return Items(path, depth);
        _events.Consume<MappingStart>();
        return Members(path, depth);
    }

    private TariffNode.List Items(string path, int depth)
    {
        var items = new List<TariffNode>();
        while (!_events.TryConsume<SequenceEnd>(out _))
            items.Add(Node(string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count + 1}]"), depth + 1));
        return new(path, items);
    }

    private TariffNode.Map Members(string path, int depth)
    {
        var members = new Dictionary<string, TariffNode>(StringComparer.Ordinal);
        var map = new TariffNode.Map(path, members);
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            if (!_events.TryConsume<Scalar>(out var name) || !name.Anchor.IsEmpty || !name.Tag.IsEmpty)
                throw Refuse(_events.Current!.Start.Line, new TariffRefused.NotPlain("member whose name is no text"));
            var member = map.PathOf(name.Value);
            if (members.ContainsKey(name.Value))
                throw Refuse(name.Start.Line, new TariffRefused.Twice(member, name.Value));
            var value = Node(member, depth + 1);

            // Where the member stands, not where its list begins.
            _lines[member] = name.Start.Line;
            members.Add(name.Value, value);
        }

        return map;
    }

    private RefusedException Refuse(long line, TariffRefused refused)
    {
        _lines[refused.Member] = line;
        return new(refused);
    }

    // Out of the recursion; never leaves this class.
    private sealed class RefusedException(TariffRefused refused) : Exception
    {
        public TariffRefused Refused { get; } = refused;
    }
}
