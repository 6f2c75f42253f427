using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Busbar.Node.Access.Unicode;

/// <summary>
/// The form NFKC of a text (Unicode Standard Annex 15), so that one password is one, whichever keyboard it is typed on. The platform's own
/// needs ICU, which the node runs without, and gives every text back as it is.
/// </summary>
internal static class CompatibilityForm
{
    private const int FirstSyllable = 0xAC00;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeTrail = 0x11A7;
    private const int Vowels = 21;
    private const int Trails = 28;
    private const int Syllables = 19 * Vowels * Trails;

    private static readonly Tables Data = Tables.Read();

    /// <summary>The text in the form NFKC; what is no character becomes U+FFFD.</summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var points = Decompose(text);
        Order(points);
        var composed = new StringBuilder(text.Length);
        foreach (var point in Compose(points))
            composed.Append(new Rune(point).ToString());
        return composed.ToString();
    }

    private static List<int> Decompose(string text)
    {
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var syllable = rune.Value - FirstSyllable;
            if (syllable is >= 0 and < Syllables)
            {
                points.Add(FirstLead + (syllable / (Vowels * Trails)));
                points.Add(FirstVowel + (syllable % (Vowels * Trails) / Trails));
                if (syllable % Trails != 0)
                    points.Add(BeforeTrail + (syllable % Trails));
            }
            else if (Data.Decompositions.TryGetValue(rune.Value, out var mapped))
            {
                points.AddRange(mapped);
            }
            else
            {
                points.Add(rune.Value);
            }
        }

        return points;
    }

    /// <summary>Sorts each run of marks by class; marks of one class keep their order.</summary>
    private static void Order(List<int> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var mark = points[i];
            var order = Data.ClassOf(mark);
            if (order == 0)
                continue;
            var at = i;
            for (; at > 0 && Data.ClassOf(points[at - 1]) > order; at--)
                points[at] = points[at - 1];
            points[at] = mark;
        }
    }

    private static List<int> Compose(List<int> points)
    {
        var composed = new List<int>(points.Count);
        var starter = -1;
        var before = 0;
        foreach (var point in points)
        {
            var order = Data.ClassOf(point);
            // A mark is blocked from its starter by one of its own class or higher, and a starter by any mark between.
            var isBlocked = composed.Count - 1 != starter && (before == 0 || before >= order);
            if (starter >= 0 && !isBlocked && Pair(composed[starter], point) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            if (order == 0)
                starter = composed.Count;
            before = order;
            composed.Add(point);
        }

        return composed;
    }

    private static int? Pair(int first, int second)
    {
        var (lead, vowel) = (first - FirstLead, second - FirstVowel);
        if (lead is >= 0 and < 19 && vowel is >= 0 and < Vowels)
            return FirstSyllable + (((lead * Vowels) + vowel) * Trails);
        var (syllable, trail) = (first - FirstSyllable, second - BeforeTrail);
        if (syllable is >= 0 and < Syllables && syllable % Trails == 0 && trail is > 0 and < Trails)
            return first + trail;
        return Data.Pairs.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private sealed record Tables(FrozenDictionary<int, int[]> Decompositions, FrozenDictionary<int, int> Classes, FrozenDictionary<(int, int), int> Pairs)
    {
        public int ClassOf(int point) => Classes.GetValueOrDefault(point);

        public static Tables Read()
        {
            var (decompositions, classes, pairs) = (new Dictionary<int, int[]>(), new Dictionary<int, int>(), new Dictionary<(int, int), int>());
            using var stream = typeof(CompatibilityForm).Assembly.GetManifestResourceStream("Busbar.Node.Access.Unicode.compatibility.txt")!;
            using var reader = new StreamReader(stream, Encoding.ASCII);
            while (reader.ReadLine() is { } line)
            {
                var fields = line.Split(' ');
                switch (fields[0])
                {
                    case "D":
                        decompositions.Add(Point(fields[1]), [.. fields.Skip(2).Select(Point)]);
                        break;
                    case "C":
                        for (var point = Point(fields[1]); point <= Point(fields[2]); point++)
                            classes.Add(point, int.Parse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture));
                        break;
                    case "P":
                        pairs.Add((Point(fields[1]), Point(fields[2])), Point(fields[3]));
                        break;
                }
            }

            return new(decompositions.ToFrozenDictionary(), classes.ToFrozenDictionary(), pairs.ToFrozenDictionary());
        }

        private static int Point(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
