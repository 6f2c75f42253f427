using Busbar.Domain.Quantities;

namespace Busbar.Device.Boards;

/// <summary>The board that a meter runs on: what every one can measure. What else one can is a capability interface beside this one.</summary>
public interface IMeterBoard
{
    /// <summary>Power at the connection now, W, import positive.</summary>
    Power Power { get; }
}

/// <summary>A board that measures voltage.</summary>
public interface IVoltageSensor
{
    /// <summary>Voltage at the connection now, V.</summary>
    double Volts { get; }
}

/// <summary>A board that measures current.</summary>
public interface ICurrentSensor
{
    /// <summary>Current at the connection now, A, import positive.</summary>
    double Amperes { get; }
}

/// <summary>A board that measures the mains' frequency.</summary>
public interface IFrequencySensor
{
    /// <summary>Frequency now, Hz.</summary>
    double Hertz { get; }
}

/// <summary>A board with a battery behind it.</summary>
public interface IBatteryGauge
{
    /// <summary>State of charge now, 0 to 1.</summary>
    double StateOfCharge { get; }
}

/// <summary>A board that measures temperature.</summary>
public interface ITemperatureSensor
{
    /// <summary>Temperature now, degrees C.</summary>
    double Celsius { get; }
}

/// <summary>A board that notices when somebody meddles with the meter.</summary>
public interface ITamperSensor
{
    /// <summary>Whether the cover was opened since the last call; reading clears it.</summary>
    bool TakeCoverOpened();

    /// <summary>Whether a strong magnetic field was near since the last call; reading clears it.</summary>
    bool TakeMagneticField();
}
