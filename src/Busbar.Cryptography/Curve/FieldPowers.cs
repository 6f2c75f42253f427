namespace Busbar.Cryptography;

/// <summary>Powers in the field whose exponents are long runs of ones: the inverse and the square root.</summary>
internal static class FieldPowers
{
    /// <summary>a^(p-2): 1/a, and 0 for 0. The same time for every value.</summary>
    public static FieldElement Invert(in FieldElement a)
    {
        var t = Run223(a, out var two, out var twentyTwo);
        t = t.Square(23) * twentyTwo;
        t = t.Square(5) * a;
        t = t.Square(3) * two;
        return t.Square(2) * a;
    }

    /// <summary>a^((p+1)/4): a square root of a, where there is one; false where there is none.</summary>
    public static bool TrySquareRoot(in FieldElement a, out FieldElement root)
    {
        var t = Run223(a, out var two, out var twentyTwo);
        t = t.Square(23) * twentyTwo;
        t = t.Square(6) * two;
        root = t.Square(2);
        return (root.Square() + a.Negate(1)).IsZero();
    }

    // a to the power 2^k - 1, for k = 2, 22 and 223.
    private static FieldElement Run223(in FieldElement a, out FieldElement two, out FieldElement twentyTwo)
    {
        two = a.Square() * a;
        var three = two.Square() * a;
        var six = three.Square(3) * three;
        var nine = six.Square(3) * three;
        var eleven = nine.Square(2) * two;
        twentyTwo = eleven.Square(11) * eleven;
        var fortyFour = twentyTwo.Square(22) * twentyTwo;
        var eightyEight = fortyFour.Square(44) * fortyFour;
        var run = eightyEight.Square(88) * eightyEight;
        run = run.Square(44) * fortyFour;
        return run.Square(3) * three;
    }
}
