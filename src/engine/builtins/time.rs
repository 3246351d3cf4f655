//! `time.*` where regorus differs: layouts as Go reads them, strict RFC 3339, days in durations.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use regorus::Value;

use super::args::{self, Run, undefined};
use super::{Context, Failure, underlying};

/// Layouts that have a name in OPA.
const NAMED: [(&str, &str); 10] = [
    ("ANSIC", "Mon Jan _2 15:04:05 2006"),
    ("UnixDate", "Mon Jan _2 15:04:05 MST 2006"),
    ("RubyDate", "Mon Jan 02 15:04:05 -0700 2006"),
    ("RFC822", "02 Jan 06 15:04 MST"),
    ("RFC822Z", "02 Jan 06 15:04 -0700"),
    ("RFC850", "Monday, 02-Jan-06 15:04:05 MST"),
    ("RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"),
    ("RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"),
    ("RFC3339", "2006-01-02T15:04:05Z07:00"),
    ("RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn layout(name: &str) -> &str {
    NAMED.iter().find(|(known, _)| *known == name).map_or(name, |(_, layout)| layout)
}

/// A moment in a zone, taken apart.
struct Moment {
    date: [i64; 3],
    clock: [i64; 3],
    weekday: String,
    nanos: i64,
    /// Seconds east of Greenwich.
    offset: i64,
    ns: i64,
    zone: String,
}

impl Moment {
    fn of(args: &[Value]) -> Result<Self, Failure> {
        let (ns, zone) = match args::value(args, 0)? {
            Value::Array(items) if items.is_empty() => return Err(args::wrong(args, 0, "number or a list")),
            Value::Array(items) => {
                let zone = if items.len() > 1 { args::string(items.as_slice(), 1)? } else { "UTC" };
                (args::int(items.as_slice(), 0)?, zone.to_owned())
            }
            _ => (args::int(args, 0)?, "UTC".to_owned()),
        };
        let given = |zone: &str| [Value::from(vec![Value::from(ns), Value::from(zone)])];
        let three = |name: &str| -> Result<[i64; 3], Failure> {
            let answer = underlying(name, &given(&zone))?;
            let parts = answer.as_array().map_err(|_| Failure::Fault(format!("{name} gave no list")))?;
            let part = |at: usize| parts.get(at).and_then(|part| part.as_number().ok()?.as_i64()).unwrap_or_default();
            Ok([part(0), part(1), part(2)])
        };
        let (date, clock) = (three("time.date")?, three("time.clock")?);
        let weekday = underlying("time.weekday", &given(&zone))?;
        let seconds = |[year, month, day]: [i64; 3], [hour, minute, second]: [i64; 3]| {
            days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
        };
        let offset = seconds(date, clock) - ns.div_euclid(1_000_000_000);
        let nanos = ns.rem_euclid(1_000_000_000);
        let weekday = weekday.as_string().map(ToString::to_string).unwrap_or_default();
        Ok(Self { date, clock, weekday, nanos, offset, ns, zone })
    }

    /// The zone's letters at this moment, from the machine's own data of zones.
    fn letters(&self) -> Result<String, Failure> {
        if self.offset == 0 && matches!(self.zone.as_str(), "" | "UTC") {
            return Ok("UTC".to_owned());
        }
        let zone = TimeZone::get(&self.zone).ok();
        let moment = jiff::Timestamp::from_nanosecond(i128::from(self.ns)).ok();
        match zone.zip(moment) {
            Some((zone, moment)) => Ok(zone.to_offset_info(moment).abbreviation().to_owned()),
            None => Err(Failure::Fault(format!("the letters of the time zone `{}` are not known here", self.zone))),
        }
    }

    fn offset(&self, layout: &str) -> String {
        if layout.starts_with('Z') && self.offset == 0 {
            return "Z".to_owned();
        }
        let size = self.offset.abs();
        let (hours, minutes, seconds) = (size / 3_600, size / 60 % 60, size % 60);
        let sign = if self.offset < 0 { '-' } else { '+' };
        match layout.get(1..).unwrap_or_default() {
            "07" => format!("{sign}{hours:02}"),
            "0700" => format!("{sign}{hours:02}{minutes:02}"),
            "07:00" => format!("{sign}{hours:02}:{minutes:02}"),
            "070000" => format!("{sign}{hours:02}{minutes:02}{seconds:02}"),
            _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
        }
    }

    /// What a part of a layout stands for.
    fn part(&self, part: &str) -> Result<String, Failure> {
        let [year, month, day] = self.date;
        let [hour, minute, second] = self.clock;
        let half = if hour % 12 == 0 { 12 } else { hour % 12 };
        let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
        Ok(match part {
            "January" => name.to_owned(),
            "Jan" => name.chars().take(3).collect(),
            "1" => month.to_string(),
            "01" => format!("{month:02}"),
            "Monday" => self.weekday.clone(),
            "Mon" => self.weekday.chars().take(3).collect(),
            "2" => day.to_string(),
            "_2" => format!("{day:>2}"),
            "02" => format!("{day:02}"),
            "002" => format!("{:03}", days(year, month, day) - days(year, 1, 1) + 1),
            "__2" => format!("{:>3}", days(year, month, day) - days(year, 1, 1) + 1),
            "15" => format!("{hour:02}"),
            "3" => half.to_string(),
            "03" => format!("{half:02}"),
            "4" => minute.to_string(),
            "04" => format!("{minute:02}"),
            "5" => second.to_string(),
            "05" => format!("{second:02}"),
            "2006" => format!("{year:04}"),
            "06" => format!("{:02}", year.rem_euclid(100)),
            "PM" => if hour >= 12 { "PM" } else { "AM" }.to_owned(),
            "pm" => if hour >= 12 { "pm" } else { "am" }.to_owned(),
            "MST" => self.letters()?,
            part if part.starts_with(['.', ',']) => self.fraction(part),
            part => self.offset(part),
        })
    }

    /// `.000` with its zeros, `.999` without those at the end.
    fn fraction(&self, part: &str) -> String {
        let digits = format!("{:09}", self.nanos);
        let cut = digits.get(..part.len() - 1).unwrap_or(&digits);
        let shown = if part.contains('9') { cut.trim_end_matches('0') } else { cut };
        let point = part.get(..1).unwrap_or(".");
        if shown.is_empty() { String::new() } else { format!("{point}{shown}") }
    }
}

/// Days from the beginning of the year 0 of the calendar, by Howard Hinnant's algorithm.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Parts of layouts, a longer one before what it begins with.
const PARTS: [&str; 33] = [
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "002",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "2006",
    "__2",
    "_2",
    "15",
    "1",
    "2",
    "3",
    "4",
    "5",
    "PM",
    "pm",
    "-070000",
    "-07:00:00",
    "-0700",
    "-07:00",
    "-07",
    "Z070000",
    "Z07:00:00",
    "Z0700",
    "Z07:00",
    "Z07",
];

/// Go's `nextStdChunk`: the part of a layout that `rest` begins with.
fn part_at(rest: &str) -> Option<&str> {
    if rest.starts_with(['.', ',']) {
        let digits = rest.get(1..).unwrap_or_default();
        let first = digits.chars().next().filter(|c| matches!(c, '0' | '9'))?;
        let length = digits.chars().take_while(|c| *c == first).count();
        let followed = digits.get(length..).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        return if followed || length > 9 { None } else { rest.get(..=length) };
    }
    // `_2006` is an underscore and a year.
    if rest.starts_with("_2006") {
        return None;
    }
    let hit = PARTS.iter().find(|part| rest.starts_with(**part))?;
    let lower_follows = rest.get(hit.len()..).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_lowercase()));
    // `Jan` and `Mon` are parts only where no longer word stands.
    if matches!(*hit, "Jan" | "Mon") && lower_follows {
        return None;
    }
    rest.get(..hit.len())
}

/// `time.format(ns)`, `time.format([ns, zone])`, `time.format([ns, zone, layout])`.
pub fn format(_: &Context, args: &[Value]) -> Run {
    let moment = Moment::of(args)?;
    let given = match args::value(args, 0)? {
        Value::Array(items) if items.len() > 2 => args::string(items.as_slice(), 2)?,
        _ => "RFC3339Nano",
    };
    let mut rest = layout(if given.is_empty() { "RFC3339Nano" } else { given });
    args::cap("time.format", "bytes of layout", rest.len(), 10_000)?;
    let mut out = String::new();
    while let Some(c) = rest.chars().next() {
        let length = match part_at(rest) {
            Some(part) => {
                out.push_str(&moment.part(part)?);
                part.len()
            }
            None => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(Value::from(out))
}

/// `time.parse_rfc3339_ns(text)`: capital `T` and `Z`, no leap second.
pub fn parse_rfc3339_ns(_: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 0)?;
    let at = |index: usize| text.as_bytes().get(index).copied();
    if at(10) != Some(b'T') || text.ends_with('z') || (at(17), at(18)) == (Some(b'6'), Some(b'0')) {
        return undefined(format!("parsing time {text:?} as RFC 3339"));
    }
    underlying("time.parse_rfc3339_ns", &[Value::from(text.replacen(',', ".", 1))])
}

/// `time.parse_ns(layout, text)`: a zone given by letters that are not those of UTC shifts nothing, as in Go.
pub fn parse_ns(_: &Context, args: &[Value]) -> Run {
    let (layout, text) = (layout(args::string(args, 0)?), args::string(args, 1)?);
    let (mut layout, mut text) = (layout.to_owned(), text.to_owned());
    if let Some(at) = layout.split(' ').position(|word| word == "MST")
        && let Some(word) = text.split(' ').filter(|word| !word.is_empty()).nth(nth_word(&layout, at))
        && (3..=5).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase())
    {
        text = text.replacen(word, "Z", 1);
        layout = layout.replacen("MST", "Z07:00", 1);
    }
    // What a layout does not have is the first month and day.
    match layout.as_str() {
        "2006" => {
            layout.push_str("-01-02");
            text.push_str("-01-01");
        }
        "2006-01" => {
            layout.push_str("-02");
            text.push_str("-01");
        }
        _ => {}
    }
    underlying("time.parse_ns", &[Value::from(layout), Value::from(text)])
}

/// The place of a layout's word among those that are not empty.
fn nth_word(layout: &str, at: usize) -> usize {
    layout.split(' ').take(at).filter(|word| !word.is_empty()).count()
}

/// `time.parse_duration_ns(text)`: Go's durations, and days, weeks and years of 365 days.
pub fn parse_duration_ns(_: &Context, args: &[Value]) -> Run {
    let text = args::string(args, 0)?;
    if !text.contains(['d', 'w', 'y']) {
        return underlying("time.parse_duration_ns", args);
    }
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let mut out = sign.to_owned();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let hours = match unit {
            "d" => 24.0,
            "w" => 168.0,
            "y" => 8_760.0,
            _ => 0.0,
        };
        if hours > 0.0 {
            let Ok(count) = number.parse::<f64>() else { return undefined(format!("invalid duration {text:?}")) };
            out.push_str(&(count * hours).to_string());
            out.push('h');
        } else {
            out.push_str(number);
            out.push_str(unit);
        }
        rest = next;
    }
    underlying("time.parse_duration_ns", &[Value::from(out)])
}

/// `time.add_date(ns, years, months, days)`: the 31st of a short month is in the next one, as in Go.
pub fn add_date(_: &Context, args: &[Value]) -> Run {
    let ns = args::int(args, 0)?;
    let (years, months, more) = (args::int(args, 1)?, args::int(args, 2)?, args::int(args, 3)?);
    let out = || Failure::Undefined("time outside of valid range".to_owned());
    let seconds = ns.div_euclid(86_400_000_000_000);
    let date = Date::new(1970, 1, 1).and_then(|epoch| epoch.checked_add(jiff::Span::new().try_days(seconds)?));
    let date = date.map_err(|_| out())?;
    let month =
        i64::from(date.month()) - 1 + months.checked_add(years.checked_mul(12).ok_or_else(out)?).ok_or_else(out)?;
    let year = i64::from(date.year()) + month.div_euclid(12);
    if year.abs() > 100_000 || more.abs() > 100_000_000 {
        return Err(out());
    }
    let day = days(year, month.rem_euclid(12) + 1, 1) + i64::from(date.day()) - 1 + more;
    let total = i128::from(day) * 86_400_000_000_000 + i128::from(ns.rem_euclid(86_400_000_000_000));
    i64::try_from(total).map(Value::from).map_err(|_| out())
}
