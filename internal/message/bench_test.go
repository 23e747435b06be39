package message

import (
	"os"
	"testing"
)

// BenchmarkParse reads the messages that most commits have. Parse is called for
// every commit of a history.
func BenchmarkParse(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"subject", "Round prices half up\n"},
		{"prose", "seats: keep the hold while the payment runs\n\nThe hold ended after twenty minutes even where the traveller was at the\nbank's page. Now the payment renews it, and the last renewal is written\nto the log.\n\nSigned-off-by: Ada Muster <ada@example.com>\n"},
		{"squash", "feat(booking): show the seat map before payment (#1234)\n\n* first try\n\n* review\n\n---------\n\nCo-authored-by: Ben Beispiel <ben@example.com>\n"},
		{"merge", "Merge pull request #1234 from acme/feature/seat-map\n\nfeat(booking): Show the seat map before payment\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(c.text, Options{})
			}
		})
	}
}

// BenchmarkRepository reads every message of the repository that DAYBREAK_REPO
// names; ns/message is the time for one.
func BenchmarkRepository(b *testing.B) {
	dir := os.Getenv("DAYBREAK_REPO")
	if dir == "" {
		b.Skip("DAYBREAK_REPO is not set")
	}
	all := readLog(b, dir, "HEAD")
	bytes := 0
	for _, c := range all {
		bytes += len(c.raw)
	}
	b.ReportAllocs()
	b.SetBytes(int64(bytes))
	for b.Loop() {
		for i := range all {
			Parse(all[i].raw, Options{})
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(all)), "ns/message")
}
