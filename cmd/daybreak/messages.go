package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"daybreak/internal/diag"
)

// messages is how daybreak talks to people: on stderr, each message opened by
// "daybreak:", then error, warning or note, a hint indented below. Results go
// to stdout and never pass here.
type messages struct {
	w  io.Writer
	in *tongue // nil for English
}

// messagesOf is how a command talks to people.
func messagesOf(cmd *cobra.Command) messages {
	return messages{cmd.ErrOrStderr(), tongueOf(cmd)}
}

// say tells about progress or success; format is its own key in the catalog.
func (m messages) say(format string, args ...any) {
	m.tell(diag.Phrase{Format: format, Args: args})
}

// tell is say of a sentence that is put together already.
func (m messages) tell(p diag.Phrase) {
	fmt.Fprintln(m.w, "daybreak: "+diag.Printable(m.in.say(p)))
}

// fail tells why a run ended. Long causes keep their lines, indented. Where the error
// holds a problem that has other languages, it is told in the one that is spoken.
func (m messages) fail(err error, hint string) {
	message, catalog := err.Error(), map[string]string(nil)
	if p := (*diag.Problem)(nil); errors.As(err, &p) && p.Phrases != nil {
		catalog = m.in.catalog() // one language a message
		told := p.In(catalog)
		message, hint = strings.Replace(message, p.Error(), told.Error(), 1), cmp.Or(told.Hint, hint)
	}
	word := func(w string) string { return diag.Say(w).In(catalog) }
	fmt.Fprintln(m.w, "daybreak: "+word("error")+": "+strings.ReplaceAll(diag.Printable(message), "\n", "\n  "))
	if hint != "" {
		fmt.Fprintln(m.w, "  "+word("hint")+": "+strings.ReplaceAll(diag.Printable(hint), "\n", "\n  "))
	}
}

// diagnostics prints a sorted list, one problem after the other.
func (m messages) diagnostics(list diag.List) {
	list.Sort()
	for _, d := range hintedOnce(list) {
		fmt.Fprintln(m.w, "daybreak: "+d.Tell(m.in.catalog()))
	}
}

// hintedOnce leaves of equal hints in a row, in one file, the last: a thousand problems
// of a kind are mended in one way.
func hintedOnce(list diag.List) diag.List {
	out := slices.Clone(list)
	for i := range out[:max(0, len(out)-1)] {
		if next := &list[i+1]; out[i].Hint == next.Hint && out[i].Code == next.Code && out[i].Position.File == next.Position.File {
			out[i] = out[i].WithoutHint()
		}
	}
	return out
}

// kinds counts problems by their codes, the most frequent first, at most five:
// "996 unclassified, 12 maybe-delivered".
func kinds(list diag.List) string {
	counts := map[string]int{}
	for _, d := range list {
		counts[d.Code]++
	}
	codes := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
	most := 4
	if len(codes) == most+1 {
		most = len(codes) // its name is as short as its count
	}
	var parts []string
	rest := len(list)
	for _, c := range codes[:min(most, len(codes))] {
		parts = append(parts, fmt.Sprintf("%d %s", counts[c], c))
		rest -= counts[c]
	}
	if rest > 0 {
		parts = append(parts, fmt.Sprintf("%d others", rest))
	}
	return strings.Join(parts, ", ")
}

// brief prints what concerns the whole run and only counts what concerns a
// single commit or line: `daybreak check` lists those, and whoever builds has
// something else in mind.
func (m messages) brief(list diag.List, at place) {
	list.Sort()
	var told, counted diag.List
	for _, d := range list {
		if d.Severity == diag.Error || d.Severity == diag.Warning && d.Position == (diag.Position{}) {
			told.Add(d)
		} else if d.Severity == diag.Warning {
			counted.Add(d)
		}
	}
	m.diagnostics(told)
	if n := len(counted); n > 0 {
		m.say("%d %s about single changes or lines (%s); `daybreak check%s` lists them", n, plural(n, "warning"), kinds(counted), at.flags())
	}
}

// printDiagnostics writes a list that was asked for, as the result of a command:
// a line each with its hint, or as JSON, where an empty list is []. Lines are told in
// the language of phrases, nil for English.
func printDiagnostics(out io.Writer, list diag.List, asJSON bool, phrases map[string]string) error {
	if asJSON {
		return printJSON(out, append(diag.List{}, list...))
	}
	for _, d := range hintedOnce(list) {
		if _, err := fmt.Fprintln(out, d.Tell(phrases)); err != nil {
			return err
		}
	}
	return nil
}

// terminal reports whether a stream is a terminal at which people sit.
func terminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress gives a callback that draws a bar on a terminal and is silent in a
// pipe, and a function that wipes the bar.
func (m messages) progress() (func(what string, done, total int), func()) {
	if !terminal(m.w) {
		return func(string, int, int) {}, func() {}
	}
	var bar *progressbar.ProgressBar
	var now string
	var limit int
	clear := func() {
		if bar != nil {
			_ = bar.Clear() // a bar that can't be wiped harms nothing
			bar = nil
		}
	}
	return func(what string, done, total int) {
		if bar == nil || what != now || total != limit {
			clear()
			now, limit = what, total
			size := int64(total)
			if total == 0 {
				size = -1
			}
			bar = progressbar.NewOptions64(size,
				progressbar.OptionSetWriter(m.w),
				progressbar.OptionSetDescription("daybreak: "+what),
				progressbar.OptionSetWidth(24),
				progressbar.OptionThrottle(80*time.Millisecond),
				progressbar.OptionClearOnFinish(),
			)
		}
		_ = bar.Set(done)
	}, clear
}
