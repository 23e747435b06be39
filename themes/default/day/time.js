// Clock times in minutes since the day's midnight; from 24:00 on they lie in the
// next day, as in the journal. -1 is no time.
const dayTime = (() => {
  const form = /^(\d{1,2})[:.]?(\d{2})$/;
  const dashes = /[‐‑‒–—−]/g;

  const read = (text) => {
    const m = form.exec(text);
    return m && +m[1] < 30 && +m[2] < 60 ? +m[1] * 60 + +m[2] : -1;
  };
  const two = (n) => String(n).padStart(2, "0");
  const show = (minute) => (minute < 0 ? "" : two(Math.floor(minute / 60)) + ":" + two(minute % 60));

  // "0635", "06:35-0702", "0635-" (begun), "-0702" (ended) as {from, to, open};
  // undefined where it can't be meant.
  const span = (text) => {
    const plain = text.replace(dashes, "-").replace(/\s|uhr/gi, "");
    const parts = plain.split("-");
    if (parts.length > 2 || plain === "-" || !plain) return undefined;
    const [from, to] = parts.map((p) => (p ? read(p) : -2));
    if (from === -1 || to === -1) return undefined;
    if (to > 0 && from > to) return undefined;
    return { from: from < 0 ? -1 : from, to: to >= 0 ? to : -1, open: parts.length === 2 && to === -2 };
  };
  const showSpan = ({ from = -1, to = -1, open }) => (open ? show(from) + "–" : to >= 0 ? show(from) + "–" + show(to) : show(from));

  // The wall clock where the systems stand, whatever zone this computer is in.
  const wall = (zone) => {
    const at = new Date();
    try {
      const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", {
        timeZone: zone || undefined, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      }).formatToParts(at).map((p) => [p.type, p.value]));
      return { day: `${parts.year}-${parts.month}-${parts.day}`, minute: +parts.hour * 60 + +parts.minute };
    } catch { // a zone that this browser doesn't know
      return { day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`, minute: at.getHours() * 60 + at.getMinutes() };
    }
  };

  // now says how many days the plan is ahead, the day, and its minute: the small
  // hours after the plan's day still belong to it.
  const now = (plan) => {
    const { day, minute } = wall(plan.Zone);
    if (!plan.Date) return { ahead: 0, day, minute };
    const ahead = Math.round((Date.parse(plan.Date) - Date.parse(day)) / 864e5);
    return ahead === -1 && minute < 6 * 60 ? { ahead: 0, day: plan.Date, minute: minute + 24 * 60 } : { ahead, day, minute };
  };

  // dayOf reads the journal's line that says on which day what follows was done:
  // undefined where it is no such line, "" where it names no day.
  const dayOf = (line) => {
    const m = /^#\s*day:?\s+(\d{4})-(\d\d?)-(\d\d?)$/.exec(line);
    if (!m) return undefined;
    const at = new Date(Date.UTC(+m[1], m[2] - 1, +m[3]));
    const day = `${m[1]}-${m[2]}-${m[3]}`;
    return at.toISOString().slice(0, 10) === day ? day : "";
  };

  return { read, show, span, showSpan, now, dayOf, dashes };
})();
