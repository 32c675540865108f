//! An instant, as exact as every database here keeps it.

use std::time::Duration;

use time::OffsetDateTime;

/// An instant in UTC from 1970 to 9999, in whole microseconds (PostgreSQL keeps no more).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// The last microsecond of the year 9999.
    const MAX: Self = Self(253_402_300_799_999_999);

    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z, or `None` outside 1970 to 9999.
    #[must_use]
    pub fn from_unix_micros(micros: i64) -> Option<Self> {
        (0..=Self::MAX.0).contains(&micros).then_some(Self(micros))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, as JWT counts them (RFC 7519, `NumericDate`).
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.0 / 1_000_000
    }

    /// The instant `duration` later, at most the end of the year 9999.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(micros)).min(Self::MAX)
    }

    /// The instant `duration` earlier, at least the beginning of 1970.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(micros)).max(Self::EPOCH)
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// RFC 3339 in UTC, with microseconds: `2026-11-21T07:06:05.000001Z`. Always six digits of fraction, so
/// that texts sort as the instants do.
impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = OffsetDateTime::from_unix_timestamp(self.unix_seconds())
            .map_err(|_| std::fmt::Error)?;
        let (year, month, day) = at.to_calendar_date();
        let (hour, minute, second) = at.to_hms();
        // Lists are full of instants: formatting each by a description costs ten times as much.
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        write_digits(&mut text[0..4], year.unsigned_abs());
        write_digits(&mut text[5..7], u8::from(month).into());
        write_digits(&mut text[8..10], day.into());
        write_digits(&mut text[11..13], hour.into());
        write_digits(&mut text[14..16], minute.into());
        write_digits(&mut text[17..19], second.into());
        write_digits(&mut text[20..26], (self.0 % 1_000_000).try_into().unwrap_or(0));
        f.write_str(std::str::from_utf8(&text).map_err(|_| std::fmt::Error)?)
    }
}

/// Fills `place` with the last decimal digits of `number`.
fn write_digits(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn is_written_in_utc_with_six_digits() {
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00.000000Z");
        assert_eq!(
            Timestamp::MAX.to_string(),
            "9999-12-31T23:59:59.999999Z",
            "MAX is the last microsecond that four digits of year can write"
        );
    }

    #[test]
    fn stops_at_the_end_of_the_year_9999() {
        assert_eq!(Timestamp(1).plus(Duration::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::from_unix_micros(Timestamp::MAX.0 + 1), None);
        assert_eq!(Timestamp::from_unix_micros(-1), None);
    }

    proptest! {
        #[test]
        fn a_text_names_its_instant(micros in 0..=Timestamp::MAX.0) {
            let text = Timestamp(micros).to_string();
            let read = OffsetDateTime::parse(&text, &time::format_description::well_known::Rfc3339);
            prop_assert_eq!(read.unwrap().unix_timestamp_nanos(), i128::from(micros) * 1_000);
        }

        #[test]
        fn texts_sort_as_the_instants_do(a in 0..=Timestamp::MAX.0, b in 0..=Timestamp::MAX.0) {
            let (a, b) = (Timestamp(a), Timestamp(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }
    }
}
