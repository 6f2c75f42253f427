namespace Busbar.Cryptography;

/// <summary>The curve's cheap map (x, y) to (beta x, y), which multiplies a point by lambda.</summary>
/// <remarks>
/// Gallant, Lambert, Vanstone, "Faster point multiplication on elliptic curves with efficient endomorphisms" (2001): a scalar is
/// the sum of two of half the length, one of them times lambda.
/// </remarks>
internal static class Endomorphism
{
    private static readonly Scalar MinusLambda = Scalar.FromHex("AC9C52B33FA3CF1F5AD9E3FD77ED9BA4A880B9FC8EC739C2E0CFC810B51283CF");

    // The short basis of the lattice, and its multiples by 2^384 / n, rounded.
    private static readonly Scalar MinusB1 = Scalar.FromHex("00000000000000000000000000000000E4437ED6010E88286F547FA90ABFE4C3");
    private static readonly Scalar MinusB2 = Scalar.FromHex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE8A280AC50774346DD765CDA83DB1562C");
    private static readonly Scalar Quotient1 = Scalar.FromHex("3086D221A7D46BCDE86C90E49284EB153DAA8A1471E8CA7FE893209A45DBB031");
    private static readonly Scalar Quotient2 = Scalar.FromHex("E4437ED6010E88286F547FA90ABFE4C4221208AC9DF506C61571B4AE8AC47F71");

    public static FieldElement Beta { get; } = FieldElement.FromHex("7AE96A2B657C07106E64479EAC3434E99CF0497512F58995C1396C28719501EE");

    /// <summary>Gives k1 and k2, each below 2^128 or above n - 2^128, with k = k1 + lambda k2.</summary>
    public static void Split(in Scalar k, out Scalar k1, out Scalar k2)
    {
        var c1 = Scalar.MultiplyShift384(k, Quotient1);
        var c2 = Scalar.MultiplyShift384(k, Quotient2);
        k2 = (c1 * MinusB1) + (c2 * MinusB2);
        k1 = k + (k2 * MinusLambda);
    }
}
