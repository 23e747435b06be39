package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"daybreak/internal/diag"
)

// regexp checks a regular expression that is searched for in texts.
func (d *decoder) regexp(key, s string) {
	re, err := regexp.Compile(s)
	switch {
	case err != nil:
		why := err.Error()
		if _, after, ok := strings.Cut(why, "error parsing regexp: "); ok {
			why = after
		}
		d.bad(key, "bad-regexp", diag.Say("%q is no regular expression: %s", s, why), diag.Say("The syntax is RE2: https://github.com/google/re2/wiki/Syntax. It has no look-ahead; in double quotes a backslash is written twice."))
	case s != "" && re.MatchString(""):
		d.bad(key, "bad-regexp", diag.Say("%q matches the empty text, too", s), diag.Say("Ask for at least one character: + instead of *."))
	}
}

func (d *decoder) guard(g *Guard) {
	doubles(d, "guard.private", g.Private)
	for i, p := range g.Private {
		// A word of two letters is part of every page.
		if n := len([]rune(strings.TrimSpace(p))); p != "" && n < 3 {
			d.bad(fmt.Sprintf("guard.private[%d]", i), "bad-value", diag.Say("%q is too short to be looked for", p), diag.Say("Write at least three letters, or a pattern under guard.patterns."))
		}
	}
	for i, p := range g.Patterns {
		d.regexp(fmt.Sprintf("guard.patterns[%d]", i), p)
	}
	for i, e := range g.Allow {
		key := fmt.Sprintf("guard.allow[%d]", i)
		switch {
		case e.Text == "" && e.Pattern == "":
			d.bad(key, "missing-key", diag.Say("exception %q says not what may leave", key), diag.Say("Write text: … or pattern: …."))
		case e.Text != "" && e.Pattern != "":
			d.bad(key, "bad-value", diag.Say("exception %q has both a text and a pattern", key), diag.Say("Make two exceptions of them."))
		}
		d.regexp(key+".pattern", e.Pattern)
		if e.Where != "" && d.pattern(key+".where", e.Where) && strings.HasPrefix(e.Where, "/") {
			d.bad(key+".where", "bad-glob", diag.Say("%q matches no built file: their paths begin with public/, systems/ or mail/", e.Where), diag.Say("Write it without the slash in front."))
		}
	}
}

func (d *decoder) glossary(c *Config) {
	first := map[string]int{}
	for i, t := range c.Glossary {
		key := fmt.Sprintf("glossary[%d]", i)
		doubles(d, key+".avoid", t.Avoid)
		for j, a := range t.Avoid {
			id := string(t.Lang) + "\x00" + a
			if a != "" && a == t.Prefer {
				d.bad(fmt.Sprintf("%s.avoid[%d]", key, j), "bad-value", diag.Say("%q is preferred and avoided at once", a), diag.Say("Delete it from one of the two."))
			} else if k, double := first[id]; double && k != i {
				d.bad(fmt.Sprintf("%s.avoid[%d]", key, j), "duplicate-value", diag.Say("%q is avoided already, for %q", a, c.Glossary[k].Prefer), diag.Say("One word can be replaced by one other."))
			} else {
				first[id] = i
			}
		}
		if t.Lang != "" && slices.Contains(shipped, t.Lang) && len(c.Languages) > 0 && !slices.Contains(c.Languages, t.Lang) {
			d.warn(key+".lang", "unused", diag.Say("no document is made in %q", t.Lang), diag.Say("Add the language to languages at the top, or delete the term."))
		}
	}
}
