//go:build unix

package guard

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// spent is the processor time of this process so far: what else the machine does
// changes nothing of it.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// An index of many short texts takes no longer than its length: put together, they
// are one run of words, numbers and paths.
func TestLongIndex(t *testing.T) {
	g := newGuard(t, false)
	for _, part := range []string{`"4711",`, `"a/b",`, `"deadbeef",`, `"x-",`, `"1.2.",`, `"x@y",`, `"KURS",`, `"a=",`} {
		small, large := []byte("["+strings.Repeat(part, 1_000)+`"x"]`), []byte("["+strings.Repeat(part, 16_000)+`"x"]`)
		work := func(data []byte) time.Duration {
			best := time.Hour
			for range 3 {
				begin := spent(t)
				g.Scan("public/search.json", data)
				best = min(best, spent(t)-begin)
			}
			return best
		}
		if a, b := work(small), work(large); b > 80*a && b > time.Second {
			t.Errorf("%s: %v for a thousand, %v for sixteen thousand", part, a, b)
		}
	}
}
