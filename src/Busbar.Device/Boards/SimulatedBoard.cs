using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;

namespace Busbar.Device.Boards;

/// <summary>
/// A board without hardware: a household's daily curve on 230 V, or whatever power it is told; nothing while its relay is open. Thread safe.
/// </summary>
public sealed class SimulatedBoard : IMeterBoard, IVoltageSensor, ICurrentSensor, IFrequencySensor, ITamperSensor, IRelay
{
    private const double NominalVolts = 230;
    private const double LineOhms = 0.4;

    private readonly Func<double> _watts;
    private int _coverOpened;
    private int _magneticField;
    private volatile RelayState _contact = RelayState.Closed;
    private volatile bool _isStuck;

    /// <summary>A board with a power of the caller's making, W, import positive.</summary>
    public SimulatedBoard(Func<double> watts) => _watts = watts;

    /// <summary>A board that shows a household's day: 120 W at night, a peak in the morning and a higher one in the evening (UTC).</summary>
    public SimulatedBoard(TimeProvider time)
        : this(() => HouseholdWatts(time.GetUtcNow().TimeOfDay.TotalHours))
    {
    }

    /// <inheritdoc />
    public Power Power => Power.FromWatts(Watts);

    /// <inheritdoc />
    public double Volts => NominalVolts - (Amperes * LineOhms);

    /// <inheritdoc />
    public double Amperes => Watts / NominalVolts;

    /// <inheritdoc />
    public double Hertz => 50;

    /// <inheritdoc />
    public RelayState ReadBack => _contact;

    private double Watts => _contact == RelayState.Open ? 0 : _watts();

    /// <inheritdoc />
    public void Switch(RelayState wanted)
    {
        if (!_isStuck)
            _contact = wanted;
    }

    /// <summary>Welds the relay's contact as it is.</summary>
    public void StickRelay() => _isStuck = true;

    /// <summary>Lets the relay follow again.</summary>
    public void FreeRelay() => _isStuck = false;

    /// <summary>Opens the cover.</summary>
    public void OpenCover() => Interlocked.Exchange(ref _coverOpened, 1);

    /// <summary>Brings a magnet near.</summary>
    public void BringMagnet() => Interlocked.Exchange(ref _magneticField, 1);

    /// <inheritdoc />
    public bool TakeCoverOpened() => Interlocked.Exchange(ref _coverOpened, 0) == 1;

    /// <inheritdoc />
    public bool TakeMagneticField() => Interlocked.Exchange(ref _magneticField, 0) == 1;

    private static double HouseholdWatts(double hour) => 120 + (250 * Peak(hour, at: 7.5)) + (480 * Peak(hour, at: 19.5));

    private static double Peak(double hour, double at) => Math.Exp(-(hour - at) * (hour - at) / 3);
}
