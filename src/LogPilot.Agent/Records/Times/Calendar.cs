namespace LogPilot.Agent.Records.Times;

/// <summary>Days of the Gregorian calendar, counted from 1970.</summary>
internal static class Calendar
{
    public const long SecondsInDay = 86_400;

    // What DateOnly counts until 1 January 1970.
    private const int DaysUntil1970 = 719_162;

    /// <returns>False if there is no such day, such as 31 February, or the year is not one of 1 to 9999.</returns>
    public static bool TryDaysOf(int year, int month, int day, out int days)
    {
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            days = 0;
            return false;
        }

        days = new DateOnly(year, month, day).DayNumber - DaysUntil1970;
        return true;
    }

    /// <param name="days">Of a year from 1 to 9999.</param>
    public static void DateOf(int days, out int year, out int month, out int day) =>
        DateOnly.FromDayNumber(days + DaysUntil1970).Deconstruct(out year, out month, out day);

    /// <summary>The year that a number of seconds since 1970 is in.</summary>
    public static int YearOf(long seconds)
    {
        var days = Math.Clamp(DivideDown(seconds, SecondsInDay), -DaysUntil1970, DateOnly.MaxValue.DayNumber - DaysUntil1970);
        return DateOnly.FromDayNumber((int)days + DaysUntil1970).Year;
    }

    /// <summary>Divides and rounds down, also below zero.</summary>
    public static long DivideDown(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);
}
